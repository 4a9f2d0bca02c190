namespace Libp2p.Multiformats;

/// <summary>The encodings of the multibase registry (github.com/multiformats/multibase). The value is the code point of the prefix.</summary>
public enum MultibaseEncoding
{
    /// <summary><c>identity</c>: the bytes read as UTF-8. Text cannot carry other bytes: they read as U+FFFD and do not come back.</summary>
    Identity = 0,

    /// <summary><c>base2</c></summary>
    Base2 = '0',

    /// <summary><c>base8</c></summary>
    Base8 = '7',

    /// <summary><c>base10</c></summary>
    Base10 = '9',

    /// <summary><c>base16</c>, lower-case hexadecimal</summary>
    Base16 = 'f',

    /// <summary><c>base16upper</c></summary>
    Base16Upper = 'F',

    /// <summary><c>base32hex</c>, RFC 4648 section 7, no padding</summary>
    Base32Hex = 'v',

    /// <summary><c>base32hexupper</c></summary>
    Base32HexUpper = 'V',

    /// <summary><c>base32hexpad</c></summary>
    Base32HexPad = 't',

    /// <summary><c>base32hexpadupper</c></summary>
    Base32HexPadUpper = 'T',

    /// <summary><c>base32</c>, RFC 4648 section 6, lower case, no padding: the text form of CIDv1</summary>
    Base32 = 'b',

    /// <summary><c>base32upper</c></summary>
    Base32Upper = 'B',

    /// <summary><c>base32pad</c></summary>
    Base32Pad = 'c',

    /// <summary><c>base32padupper</c></summary>
    Base32PadUpper = 'C',

    /// <summary><c>base32z</c>, z-base-32</summary>
    Base32Z = 'h',

    /// <summary><c>base36</c>, lower case: the text form of IPNS names</summary>
    Base36 = 'k',

    /// <summary><c>base36upper</c></summary>
    Base36Upper = 'K',

    /// <summary><c>base45</c>, RFC 9285</summary>
    Base45 = 'R',

    /// <summary><c>base58btc</c>, Bitcoin's alphabet</summary>
    Base58Btc = 'z',

    /// <summary><c>base58flickr</c></summary>
    Base58Flickr = 'Z',

    /// <summary><c>base64</c>, RFC 4648 section 4, no padding</summary>
    Base64 = 'm',

    /// <summary><c>base64pad</c></summary>
    Base64Pad = 'M',

    /// <summary><c>base64url</c>, RFC 4648 section 5, no padding</summary>
    Base64Url = 'u',

    /// <summary><c>base64urlpad</c></summary>
    Base64UrlPad = 'U',

    /// <summary><c>base256emoji</c></summary>
    Base256Emoji = 0x1F680,
}
