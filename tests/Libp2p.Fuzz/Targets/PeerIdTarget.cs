using System.Text;
using Libp2p.TestKit;

namespace Libp2p.Fuzz.Targets;

/// <summary>Peer ids, as bytes and as text.</summary>
internal sealed class PeerIdTarget() : FuzzTarget("peer-id")
{
    public override int MaxLength => 400;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var id = TestIdentity.Dialer.PeerId;
            const string Hashed = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
            return [id.Bytes.ToArray(), PeerId.Parse(Hashed).Bytes.ToArray(), Text(id.ToString()), Text(id.ToCidString()), Text(Hashed), Text(PeerId.Parse(Hashed).ToCidString())];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (PeerId.TryFromBytes(input, out var id))
        {
            Property.Same(id.Bytes, input, "not the bytes that were read");
            Check(id);
        }

        if (PeerId.TryParse(Encoding.UTF8.GetString(input), out id))
        {
            Check(id);
        }
    }

    private static void Check(PeerId id)
    {
        Property.Holds(id.Bytes.Length <= PeerId.MaxLength, "too long");
        Property.Holds(PeerId.Parse(id.ToString()) == id, "its text is another's");
        Property.Holds(PeerId.Parse(id.ToCidString()) == id, "its CID is another's");
        Property.Holds(PeerId.FromBytes(id.Bytes) == id, "its bytes are another's");
        if (id.TryGetPublicKey(out var key))
        {
            Property.Holds(key.PeerId == id && id.Matches(key), "the key is not its own");
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
