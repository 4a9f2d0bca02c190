using System.Text;
using Libp2p.Multiformats;

namespace Libp2p.Fuzz.Targets;

/// <summary>Binary CIDs.</summary>
internal sealed class CidBinaryTarget() : FuzzTarget("cid-binary")
{
    public override int MaxLength => 300;

    public override IEnumerable<byte[]> Seeds => CidTextTarget.Texts.Select(text => Cid.Parse(text).Bytes.ToArray());

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (Cid.TryDecode(input, out var cid, out var error))
        {
            Property.Same(cid.Span, input, "not the bytes that were read");
            CidTextTarget.Check(cid);
        }
        else
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
        }
    }
}

/// <summary>CIDs as text: canonical form in every base, and from one version to the other and back.</summary>
internal sealed class CidTextTarget() : FuzzTarget("cid-text")
{
    public static readonly string[] Texts =
    [
        "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm", "zb2rhZi1JR4eNc2jBGaRYJKYM8JEB4ovenym8L1CmFsRAytkz",
        "k2cwueckqkibutvhkr4p2ln2pjcaxaakpd9db0e7j7ax1lxhhxy3ekpv", "f015512209d8453505bdc6f269678e16b3e56c2a2948a41f2c792617cc9611ed363c95b63",
    ];

    public override int MaxLength => 600;

    public override IEnumerable<byte[]> Seeds => Texts.Select(Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (Cid.TryParse(Encoding.UTF8.GetString(input), out var cid, out var error))
        {
            Check(cid);
        }
        else
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
        }
    }

    public static void Check(Cid cid)
    {
        var text = cid.ToString();
        Property.Holds(Cid.TryParse(text, out var parsed, out _) && parsed == cid && parsed.ToString() == text, $"{text} is not its own text");
        Property.Holds(Cid.TryDecode(cid.Span, out var decoded, out _) && decoded == cid && decoded.GetHashCode() == cid.GetHashCode(), "its bytes are another's");
        Property.Holds(cid.Version is 0 or 1, "a version of the future");
        if (cid.Version == 0)
        {
            Property.Holds(cid.ToV1().ToV0() == cid, "version 1 and back is another");
            return;
        }

        foreach (var encoding in (ReadOnlySpan<MultibaseEncoding>)[MultibaseEncoding.Base58Btc, MultibaseEncoding.Base36, MultibaseEncoding.Base64Url])
        {
            Property.Holds(Cid.Parse(cid.ToString(encoding)) == cid, $"in {encoding} it is another");
        }
    }
}
