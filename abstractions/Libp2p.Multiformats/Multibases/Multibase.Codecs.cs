namespace Libp2p.Multiformats;

public static partial class Multibase
{
    private const string Base32Lower = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Base32Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Base32HexLower = "0123456789abcdefghijklmnopqrstuv";
    private const string Base32HexUpper = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private const string Base64Standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const string Base64UrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    internal static readonly RadixCodec Base58Btc = new("base58btc", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    internal static readonly BitCodec Base32 = new("base32", Base32Lower, 5, ignoreCase: true, lenient: true);
    internal static readonly BitCodec Base64Url = new("base64url", Base64UrlSafe, 6);

    private static readonly (MultibaseEncoding Encoding, BaseCodec Codec)[] All =
    [
        (MultibaseEncoding.Identity, new IdentityCodec()),
        (MultibaseEncoding.Base2, new BinaryCodec()),
        (MultibaseEncoding.Base8, new BitCodec("base8", "01234567", 3)),
        (MultibaseEncoding.Base10, new RadixCodec("base10", "0123456789")),
        (MultibaseEncoding.Base16, new BitCodec("base16", "0123456789abcdef", 4, ignoreCase: true)),
        (MultibaseEncoding.Base16Upper, new BitCodec("base16upper", "0123456789ABCDEF", 4, ignoreCase: true)),
        (MultibaseEncoding.Base32Hex, new BitCodec("base32hex", Base32HexLower, 5, ignoreCase: true, lenient: true)),
        (MultibaseEncoding.Base32HexUpper, new BitCodec("base32hexupper", Base32HexUpper, 5, ignoreCase: true, lenient: true)),
        (MultibaseEncoding.Base32HexPad, new BitCodec("base32hexpad", Base32HexLower, 5, ignoreCase: true, pad: true, lenient: true)),
        (MultibaseEncoding.Base32HexPadUpper, new BitCodec("base32hexpadupper", Base32HexUpper, 5, ignoreCase: true, pad: true, lenient: true)),
        (MultibaseEncoding.Base32, Base32),
        (MultibaseEncoding.Base32Upper, new BitCodec("base32upper", Base32Upper, 5, ignoreCase: true, lenient: true)),
        (MultibaseEncoding.Base32Pad, new BitCodec("base32pad", Base32Lower, 5, ignoreCase: true, pad: true, lenient: true)),
        (MultibaseEncoding.Base32PadUpper, new BitCodec("base32padupper", Base32Upper, 5, ignoreCase: true, pad: true, lenient: true)),
        (MultibaseEncoding.Base32Z, new BitCodec("base32z", "ybndrfg8ejkmcpqxot1uwisza345h769", 5)),
        (MultibaseEncoding.Base36, new RadixCodec("base36", "0123456789abcdefghijklmnopqrstuvwxyz", ignoreCase: true)),
        (MultibaseEncoding.Base36Upper, new RadixCodec("base36upper", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", ignoreCase: true)),
        (MultibaseEncoding.Base45, new Base45Codec()),
        (MultibaseEncoding.Base58Btc, Base58Btc),
        (MultibaseEncoding.Base58Flickr, new RadixCodec("base58flickr", "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ")),
        (MultibaseEncoding.Base64, new BitCodec("base64", Base64Standard, 6)),
        (MultibaseEncoding.Base64Pad, new BitCodec("base64pad", Base64Standard, 6, pad: true)),
        (MultibaseEncoding.Base64Url, Base64Url),
        (MultibaseEncoding.Base64UrlPad, new BitCodec("base64urlpad", Base64UrlSafe, 6, pad: true)),
        (MultibaseEncoding.Base256Emoji, new EmojiCodec()),
    ];

    private static BaseCodec? Codec(MultibaseEncoding encoding)
    {
        foreach (var entry in All)
        {
            if (entry.Encoding == encoding)
            {
                return entry.Codec;
            }
        }

        return null;
    }
}
