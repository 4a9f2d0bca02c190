using System.Collections.Immutable;
using Libp2p.Crypto;
using Libp2p.Security.Noise.Wire;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Handshake;

public sealed class NoiseSessionTests
{
    private static readonly NoiseStaticKeys Keys = new(CryptoProviders.X25519);
    private static readonly SeededRandomSource Random = new(5);

    [Fact]
    public void Both_sides_prove_who_they_are()
    {
        using var dialer = Session(true);
        using var listener = Session(false);
        Shake(dialer, listener);
        dialer.RemoteKey.ShouldBe(TestIdentity.Listener.PublicKey);
        listener.RemoteKey.ShouldBe(TestIdentity.Dialer.PublicKey);
        dialer.EarlyMuxer.ShouldBeNull();
    }

    [Theory]
    [InlineData("/a,/b", "/b,/a", "/a")]
    [InlineData("/b,/a", "/a,/b", "/b")]
    [InlineData("/x,/b", "/a,/b", "/b")]
    [InlineData("/a", "/b", null)]
    [InlineData("/a", "", null)]
    [InlineData("", "/a", null)]
    public void The_muxer_is_the_first_of_the_dialers_that_the_listener_has(string mine, string theirs, string? chosen)
    {
        using var dialer = Session(true, muxers: Muxers(mine));
        using var listener = Session(false, muxers: Muxers(theirs));
        Shake(dialer, listener);
        dialer.EarlyMuxer?.Value.ShouldBe(chosen);
        listener.EarlyMuxer?.Value.ShouldBe(chosen);
        (dialer.EarlyMuxer is null).ShouldBe(chosen is null);
        (listener.EarlyMuxer is null).ShouldBe(chosen is null);
    }

    [Fact]
    public void A_listener_that_is_sent_several_takes_the_first_that_it_has()
    {
        using var listener = Session(false, muxers: Muxers("/b,/a"));
        Send(listener, Payload(TestIdentity.Dialer, muxers: ["/x", "/a", "/b"]));
        listener.EarlyMuxer.ShouldBe("/a");
    }

    [Fact]
    public void Row16_More_than_100_early_muxers_are_refused()
    {
        using var enough = Session(false, muxers: Muxers("/a"));
        Send(enough, Payload(TestIdentity.Dialer, muxers: [.. Enumerable.Range(0, 99).Select(static i => $"/{i}"), "/a"]));
        enough.EarlyMuxer.ShouldBe("/a");
        using var flooded = Session(false, muxers: Muxers("/a"));
        Should.Throw<SecureChannelException>(() => Send(flooded, Payload(TestIdentity.Dialer, muxers: [.. Enumerable.Range(0, 101).Select(static i => $"/{i}")])))
            .Message.ShouldContain("more than 100 muxers");
        flooded.EarlyMuxer.ShouldBeNull();
        using var limited = Session(false, muxers: Muxers("/a"), maxMuxers: 2);
        Should.Throw<SecureChannelException>(() => Send(limited, Payload(TestIdentity.Dialer, muxers: ["/x", "/y", "/a"]))).Message.ShouldContain("more than 2 muxers");
    }

    [Fact]
    public void Row10_No_flipped_bit_of_the_signature_is_accepted()
    {
        var good = Payload(TestIdentity.Dialer);
        var length = good.Signature.Length;
        for (var bit = 0; bit < length * 8; bit++)
        {
            var signature = (byte[])good.Signature.Clone();
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            using var listener = Session(false);
            Should.Throw<SecureChannelException>(() => Send(listener, good with { Signature = signature }));
        }
    }

    [Fact]
    public void Row10_No_flipped_bit_of_the_identity_key_is_accepted()
    {
        var good = Payload(TestIdentity.Dialer);
        for (var bit = 0; bit < good.Identity.Length * 8; bit++)
        {
            var identity = (byte[])good.Identity.Clone();
            identity[bit / 8] ^= (byte)(1 << (bit % 8));
            using var listener = Session(false);
            Should.Throw<SecureChannelException>(() => Send(listener, good with { Identity = identity }));
        }
    }

    [Fact]
    public void A_signature_of_somebody_else_or_over_something_else_is_refused()
    {
        using var another = Session(false);
        Should.Throw<SecureChannelException>(() => Send(another, Payload(TestIdentity.Dialer) with { Identity = TestIdentity.Stranger.PublicKey.Protobuf.ToArray() }))
            .Message.ShouldContain(TestIdentity.Stranger.PeerId.ToString());
        using var otherKey = Session(false);
        Should.Throw<SecureChannelException>(() => Send(otherKey, Payload(TestIdentity.Dialer), staticKey: NoiseStaticKey.NewKey(CryptoProviders.X25519, Random)));
    }

    [Fact]
    public void An_identity_that_is_missing_is_refused()
    {
        var good = Payload(TestIdentity.Dialer);
        foreach (var bad in new byte[][] { [], Encode(good with { Signature = null! }), Encode(good with { Identity = null! }) })
        {
            using var listener = Session(false);
            Should.Throw<SecureChannelException>(() => SendBytes(listener, bad)).Message.ShouldContain("did not say who it is");
        }
    }

    [Fact]
    public void Every_prefix_of_a_payload_is_refused()
    {
        var good = Encode(Payload(TestIdentity.Dialer, muxers: ["/a"]));
        var signed = Encode(Payload(TestIdentity.Dialer)).Length;
        for (var length = 0; length < good.Length; length++)
        {
            // Only what ends just before the extensions is a payload of its own.
            using var listener = Session(false);
            if (length == signed)
            {
                SendBytes(listener, good[..length]);
            }
            else
            {
                Should.Throw<SecureChannelException>(() => SendBytes(listener, good[..length]));
            }
        }
    }

    [Fact]
    public void Row11_Another_peer_is_named_in_either_role()
    {
        using var dialer = Session(true, expected: TestIdentity.Stranger.PeerId);
        using var listener = Session(false);
        var mismatch = Should.Throw<PeerIdMismatchException>(() => Shake(dialer, listener));
        (mismatch.Expected, mismatch.Actual).ShouldBe((TestIdentity.Stranger.PeerId, TestIdentity.Listener.PeerId));
        using var strict = Session(false, expected: TestIdentity.Stranger.PeerId);
        mismatch = Should.Throw<PeerIdMismatchException>(() => Send(strict, Payload(TestIdentity.Dialer)));
        (mismatch.Expected, mismatch.Actual).ShouldBe((TestIdentity.Stranger.PeerId, TestIdentity.Dialer.PeerId));
    }

    [Fact]
    public void A_signature_is_made_once_an_identity_and_static_keys_differ_by_identity()
    {
        var keys = new NoiseStaticKeys(CryptoProviders.X25519);
        var mine = keys.Get(TestIdentity.Dialer, Random);
        keys.Get(TestIdentity.Dialer, Random).ShouldBeSameAs(mine);
        var other = keys.Get(TestIdentity.Listener, Random);
        other.Key.PublicKey.SequenceEqual(mine.Key.PublicKey).ShouldBeFalse();
        new NoiseStaticKeys(CryptoProviders.X25519).Get(TestIdentity.Dialer, Random).Key.PublicKey.SequenceEqual(mine.Key.PublicKey).ShouldBeFalse();
    }

    [Fact]
    public void A_peer_that_proved_itself_is_known_again_and_a_claim_that_does_not_hold_is_still_refused()
    {
        var proven = new NoiseProvenKeys(8);
        for (var i = 0; i < 3; i++)
        {
            using var dialer = Session(true, proven: proven);
            using var listener = Session(false, proven: proven);
            Shake(dialer, listener);
            dialer.RemoteKey.ShouldBe(TestIdentity.Listener.PublicKey);
            listener.RemoteKey.ShouldBe(TestIdentity.Dialer.PublicKey);
            proven.Count.ShouldBe(2);
        }

        // Somebody else's name over the known static key, and a known name over another's.
        using var renamed = Session(false, proven: proven);
        Should.Throw<SecureChannelException>(() => Send(renamed, Payload(TestIdentity.Stranger)));
        using var stolen = Session(false, proven: proven);
        Should.Throw<SecureChannelException>(() => Send(stolen, Payload(TestIdentity.Dialer), Keys.Get(TestIdentity.Stranger, Random).Key));
        proven.Count.ShouldBe(2);
    }

    private static ImmutableArray<ProtocolId> Muxers(string names) => [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static name => new ProtocolId(name))];

    private static NoiseSession Session(bool initiator, PeerId? expected = null, ImmutableArray<ProtocolId>? muxers = null, int maxMuxers = 100, NoiseProvenKeys? proven = null)
    {
        var identity = initiator ? TestIdentity.Dialer : TestIdentity.Listener;
        return new NoiseSession(initiator, [], Keys.Get(identity, Random), NoiseStaticKey.NewKey(CryptoProviders.X25519, Random), expected, muxers ?? [], maxMuxers, proven);
    }

    private static void Shake(NoiseSession dialer, NoiseSession listener)
    {
        while (!dialer.IsComplete || !listener.IsComplete)
        {
            var (from, to) = dialer.IsMyTurn ? (dialer, listener) : (listener, dialer);
            var frame = new byte[from.NextSize];
            from.WriteNext(frame);
            NoiseSession.TryReadFrame(new(frame), out var message).ShouldBeTrue();
            to.HandleMessage(message.FirstSpan);
        }
    }

    private static Claim Payload(NodeIdentity identity, string[]? muxers = null)
    {
        var key = Keys.Get(identity, Random);
        return new Claim(key.IdentityKey, key.Signature, muxers ?? []);
    }

    private static byte[] Encode(Claim payload)
    {
        var message = new NoiseHandshakePayload();
        if (payload.Identity is { } identity) message.IdentityKey = identity;
        if (payload.Signature is { } signature) message.IdentitySig = signature;
        if (payload.Muxers.Length > 0)
        {
            message.Extensions = new NoiseExtensions();
            message.Extensions.StreamMuxers.AddRange(payload.Muxers);
        }

        var bytes = new byte[message.GetSize()];
        message.Write(bytes);
        return bytes;
    }

    private static void Send(NoiseSession listener, Claim payload, X25519PrivateKey? staticKey = null) => SendBytes(listener, Encode(payload), staticKey);

    /// <summary>Plays a dialer that says what it likes.</summary>
    private static void SendBytes(NoiseSession listener, byte[] payload, X25519PrivateKey? staticKey = null)
    {
        using var dialer = new NoiseHandshake(true, [], staticKey ?? Keys.Get(TestIdentity.Dialer, Random).Key, NoiseStaticKey.NewKey(CryptoProviders.X25519, Random));
        var first = new byte[dialer.Overhead];
        dialer.WriteMessage([], first);
        listener.HandleMessage(first);
        var second = new byte[listener.NextSize];
        listener.WriteNext(second);
        dialer.ReadMessage(second.AsSpan(2), new byte[second.Length]);
        var third = new byte[dialer.Overhead + payload.Length];
        dialer.WriteMessage(payload, third);
        listener.HandleMessage(third);
    }

    private sealed record Claim(byte[] Identity, byte[] Signature, string[] Muxers);
}
