using CsCheck;

namespace Libp2p.Tests.Identity;

/// <summary>Whatever a stranger sends as a key is a key or a typed refusal.</summary>
public class KeyMutationTests
{
    private static readonly byte[][] Private =
        [.. Vectors.Json("peer-ids-and-keys/spec_keys.json").EnumerateArray().Where(v => v.Text("name").Contains("private")).Select(v => v.Hex("protobuf_hex"))];

    private static readonly byte[][] Public =
        [.. Vectors.Json("peer-ids-and-keys/spec_keys.json").EnumerateArray().Where(v => v.Text("name").Contains("public")).Select(v => v.Hex("protobuf_hex"))];

    [Fact]
    public void Row17_mutated_public_keys_are_keys_or_refused_and_verify_without_throwing() => Mutations(Public).Sample(bytes =>
    {
        if (!PublicKey.TryFromProtobuf(bytes, out var key)) return;
        PublicKey.FromProtobuf(key.Protobuf.Span).ShouldBe(key);
        PeerId.FromBytes(key.PeerId.Bytes).Matches(key).ShouldBeTrue();
        key.Verify(bytes, bytes).ShouldBeFalse();
        key.Verify([], new byte[64]).ShouldBeFalse();
        key.Verify([], new byte[key.Type == KeyType.Rsa ? 512 : 71]).ShouldBeFalse();
    }, iter: 2000, threads: 1);

    [Fact]
    public void Mutated_private_keys_sign_for_their_public_half_or_are_refused() => Mutations(Private).Sample(bytes =>
    {
        try
        {
            using var key = PrivateKey.FromProtobuf(bytes);
            key.PublicKey.Verify([1], key.Sign([1])).ShouldBeTrue();
        }
        catch (KeyFormatException)
        {
            // The other allowed end.
        }
    }, iter: 500, threads: 1);

    // Up to three edits, each at a place of its own: a byte replaced, removed or inserted.
    private static Gen<byte[]> Mutations(byte[][] seeds) =>
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 2], Gen.Double[0, 0.999], Gen.Byte).Array[1, 3]).Select((seed, edits) =>
        {
            var bytes = new List<byte>(seeds[seed]);
            foreach (var (kind, where, value) in edits)
            {
                var at = (int)(where * bytes.Count);
                if (kind == 0) bytes[at] = value;
                else if (kind == 1) bytes.RemoveAt(at);
                else bytes.Insert(at, value);
            }

            return bytes.ToArray();
        });
}
