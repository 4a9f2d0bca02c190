using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Handshake;

public sealed class NoiseProvenKeysTests
{
    private static readonly PublicKey _identity = TestIdentity.Dialer.PublicKey;
    private static readonly byte[] _protobuf = _identity.Protobuf.ToArray();
    private static readonly byte[] _signature = [.. Enumerable.Range(0, 64).Select(static i => (byte)i)];

    [Fact]
    public void What_held_is_found_by_the_very_same_bytes()
    {
        var proven = new NoiseProvenKeys(4);
        proven.Add(Static(1), _identity, _signature);
        proven.Find(Static(1), _protobuf, _signature).ShouldBeSameAs(_identity);
        proven.Find(Static(2), _protobuf, _signature).ShouldBeNull();
    }

    [Fact]
    public void Row10_One_other_bit_anywhere_is_checked_anew()
    {
        var proven = new NoiseProvenKeys(4);
        proven.Add(Static(1), _identity, _signature);
        foreach (var flipped in Flipped(Static(1))) proven.Find(flipped, _protobuf, _signature).ShouldBeNull();
        foreach (var flipped in Flipped(_protobuf)) proven.Find(Static(1), flipped, _signature).ShouldBeNull();
        foreach (var flipped in Flipped(_signature)) proven.Find(Static(1), _protobuf, flipped).ShouldBeNull();
        proven.Find(Static(1), _protobuf, _signature.AsSpan(0, 63)).ShouldBeNull();
        proven.Find(Static(1), [.. _protobuf, 0], _signature).ShouldBeNull();
    }

    [Fact]
    public void The_least_recently_used_gives_way()
    {
        var proven = new NoiseProvenKeys(3);
        for (byte i = 1; i <= 3; i++) proven.Add(Static(i), _identity, _signature);
        proven.Find(Static(1), _protobuf, _signature).ShouldNotBeNull();
        proven.Add(Static(4), _identity, _signature);
        proven.Find(Static(2), _protobuf, _signature).ShouldBeNull();
        proven.Find(Static(1), _protobuf, _signature).ShouldNotBeNull();
        for (var i = 0; i < 1000; i++) proven.Add(Static((byte)i), _identity, _signature);
        proven.Count.ShouldBe(3);
    }

    [Fact]
    public void A_newer_proof_of_a_static_key_replaces_the_older()
    {
        var proven = new NoiseProvenKeys(3);
        proven.Add(Static(1), _identity, _signature);
        proven.Add(Static(1), TestIdentity.Listener.PublicKey, _signature);
        proven.Find(Static(1), _protobuf, _signature).ShouldBeNull();
        proven.Find(Static(1), TestIdentity.Listener.PublicKey.Protobuf.Span, _signature).ShouldBe(TestIdentity.Listener.PublicKey);
        proven.Count.ShouldBe(1);
    }

    [Fact]
    public void Without_room_nothing_is_remembered()
    {
        var proven = new NoiseProvenKeys(0);
        proven.Add(Static(1), _identity, _signature);
        proven.Find(Static(1), _protobuf, _signature).ShouldBeNull();
        proven.Count.ShouldBe(0);
    }

    private static byte[] Static(byte number) => [.. Enumerable.Repeat(number, 32)];

    private static IEnumerable<byte[]> Flipped(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
    }
}
