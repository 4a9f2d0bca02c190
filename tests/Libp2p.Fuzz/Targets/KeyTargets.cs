using Libp2p.TestKit;

namespace Libp2p.Fuzz.Targets;

/// <summary>Public keys: one canonical form, one peer id, and a stranger's signature is an answer, never an exception.</summary>
internal sealed class PublicKeyTarget() : FuzzTarget("public-key")
{
    public override int MaxLength => 1500;

    public override IEnumerable<byte[]> Seeds => [TestIdentity.Dialer.PublicKey.Protobuf.ToArray()];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!PublicKey.TryFromProtobuf(input, out var key))
        {
            return;
        }

        Property.Holds(PublicKey.TryFromProtobuf(key.Protobuf.Span, out var again) && again == key && again.PeerId == key.PeerId, "another key on the second reading");
        Property.Holds(PublicKey.FromData(key.Type, key.Data.Span) == key, "its data is another's");
        Property.Holds(key.PeerId.Matches(key), "not its own peer id");
        Property.Holds(!key.Verify("nobody signed this"u8, input[..Math.Min(64, input.Length)]), "a signature out of nothing");
    }
}

/// <summary>Private keys: refused with the one error, or with a public half of their own.</summary>
internal sealed class PrivateKeyTarget() : FuzzTarget("private-key")
{
    public override int MaxLength => 2000;

    public override IEnumerable<byte[]> Seeds => [TestIdentity.Get(1).Key.ToProtobuf(), TestIdentity.Get(2).Key.ToProtobuf()];

    public override void Run(ReadOnlySpan<byte> input)
    {
        PrivateKey key;
        try
        {
            key = PrivateKey.FromProtobuf(input);
        }
        catch (KeyFormatException)
        {
            return;
        }

        using (key)
        {
            using var again = PrivateKey.FromProtobuf(key.ToProtobuf());
            Property.Holds(again.PublicKey == key.PublicKey, "another key on the second reading");
            Property.Holds(key.PublicKey.Verify("this"u8, again.Sign("this"u8)), "its signature is not its own");
        }
    }
}
