using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Libp2p.Multiformats;

/// <summary>
/// The values that follow protocol names: text to bytes, bytes to text, and which bytes are valid. Readings match go-multiaddr's, the de facto reference.
/// Methods return null when all is well, else what is wrong.
/// </summary>
internal static class MultiaddrValue
{
    private const int Garlic64MinLength = 386;
    private const int Garlic32HashLength = 32;
    private const int Garlic32MinLength = 35;
    private const int Sha256Length = 32;

    // The longest multihash in a CID in base2.
    private const int MaxPeerIdTextLength = 8 * (Multihash.MaxDigestLength + (3 * UnsignedVarint.MaxLength));

    private static readonly BitCodec Garlic64 = new("i2p base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~", 6, pad: true);
    private static readonly BitCodec Garlic32 = new("i2p base32", "abcdefghijklmnopqrstuvwxyz234567", 5, pad: true);

    /// <summary>Appends the bytes that <paramref name="text"/> stands for. They still have to pass <see cref="Validate"/>.</summary>
    public static string? Parse(MultiaddrProtocol protocol, ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        switch (protocol.Code)
        {
            case MultiaddrProtocol.Codes.Ip4:
                return ParseIp4(text, output.Reserve(4));
            case MultiaddrProtocol.Codes.Ip6:
                return ParseIp6(text, output.Reserve(16));
            case MultiaddrProtocol.Codes.Ipcidr:
                return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out output.Reserve(1)[0]) ? null : "is no prefix length from 0 to 255";
            case MultiaddrProtocol.Codes.Tcp or MultiaddrProtocol.Codes.Udp or MultiaddrProtocol.Codes.Dccp or MultiaddrProtocol.Codes.Sctp:
                return ParsePort(text, output.Reserve(2)) ? null : "is no port from 0 to 65535";
            case MultiaddrProtocol.Codes.Memory:
                var valid = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                BinaryPrimitives.WriteUInt64BigEndian(output.Reserve(8), number);
                return valid ? null : "is no number of 64 bits";
            case MultiaddrProtocol.Codes.Onion:
                return ParseOnion(text, 16, ref output);
            case MultiaddrProtocol.Codes.Onion3:
                return ParseOnion(text, 56, ref output);
            case MultiaddrProtocol.Codes.Garlic64:
                return Garlic64.TryDecode(text, ref output) ? null : "is no i2p base64 address";
            case MultiaddrProtocol.Codes.Garlic32:
                return ParseGarlic32(text, ref output) ? null : "is no i2p base32 address";
            case MultiaddrProtocol.Codes.P2p:
                return ParsePeerId(text, ref output);
            case MultiaddrProtocol.Codes.Certhash:
                return Multibase.DecodeInto(text, ref output, out _) is { } error ? $"is no certificate hash: {error}" : null;
            case MultiaddrProtocol.Codes.HttpPath:
                return ParsePercentEncoded(text, ref output) ? null : "is no percent-encoded path";
            default:
                return Utf8Text.TryEncode(text, ref output) ? null : "has an unpaired surrogate";
        }
    }

    /// <summary>Whether bytes are a value of the protocol. Their number is already known to be what <see cref="MultiaddrProtocol.Size"/> says.</summary>
    public static string? Validate(MultiaddrProtocol protocol, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return protocol.HasValue ? "is empty" : null;
        }

        switch (protocol.Code)
        {
            case MultiaddrProtocol.Codes.Ip6zone or MultiaddrProtocol.Codes.Sni or MultiaddrProtocol.Codes.Dns or MultiaddrProtocol.Codes.Dns4
                or MultiaddrProtocol.Codes.Dns6 or MultiaddrProtocol.Codes.Dnsaddr:
                return value.Contains((byte)'/') ? "has a slash" : null;
            case MultiaddrProtocol.Codes.Unix:
                return value[0] != '/' ? "does not start with a slash" : value.Length == 1 ? "is an empty path" : null;
            case MultiaddrProtocol.Codes.Onion or MultiaddrProtocol.Codes.Onion3:
                return value[^2] == 0 && value[^1] == 0 ? "has port 0" : null;
            case MultiaddrProtocol.Codes.Garlic64:
                return value.Length < Garlic64MinLength ? $"has fewer than {Garlic64MinLength} bytes" : null;
            case MultiaddrProtocol.Codes.Garlic32:
                return value.Length is < Garlic32MinLength and not Garlic32HashLength
                    ? $"has neither {Garlic32HashLength} bytes nor at least {Garlic32MinLength}"
                    : null;
            case MultiaddrProtocol.Codes.P2p:
                if (!MultihashReader.TryReadAll(value, out var code, out var digestLength, out var error))
                {
                    return $"is no peer id: {error}";
                }

                return code switch
                {
                    Multicodec.Identity => null,
                    Multicodec.Sha2_256 when digestLength == Sha256Length => null,
                    Multicodec.Sha2_256 => $"is no peer id: a sha2-256 digest has {Sha256Length} bytes, not {digestLength}",
                    _ => $"is no peer id: made with {MulticodecTable.Describe(code)}, neither sha2-256 nor identity",
                };
            case MultiaddrProtocol.Codes.Certhash:
                return MultihashReader.TryReadAll(value, out _, out _, out error) ? null : $"is no certificate hash: {error}";
            default:
                return null;
        }
    }

    /// <summary>Appends the canonical text of a valid value.</summary>
    public static void Format(MultiaddrProtocol protocol, ReadOnlySpan<byte> value, ref ValueBuffer<char> output)
    {
        switch (protocol.Code)
        {
            case MultiaddrProtocol.Codes.Ip4:
                IpText.Format4(value, ref output);
                break;
            case MultiaddrProtocol.Codes.Ip6:
                IpText.Format6(value, ref output);
                break;
            case MultiaddrProtocol.Codes.Ipcidr:
                IpText.FormatNumber(value[0], ref output);
                break;
            case MultiaddrProtocol.Codes.Tcp or MultiaddrProtocol.Codes.Udp or MultiaddrProtocol.Codes.Dccp or MultiaddrProtocol.Codes.Sctp:
                IpText.FormatNumber(BinaryPrimitives.ReadUInt16BigEndian(value), ref output);
                break;
            case MultiaddrProtocol.Codes.Memory:
                IpText.FormatNumber(BinaryPrimitives.ReadUInt64BigEndian(value), ref output);
                break;
            case MultiaddrProtocol.Codes.Onion or MultiaddrProtocol.Codes.Onion3:
                Multibase.Base32.Encode(value[..^2], ref output);
                output.Append(':');
                IpText.FormatNumber(BinaryPrimitives.ReadUInt16BigEndian(value[^2..]), ref output);
                break;
            case MultiaddrProtocol.Codes.Garlic64:
                Garlic64.Encode(value, ref output);
                break;
            case MultiaddrProtocol.Codes.Garlic32:
                Multibase.Base32.Encode(value, ref output);
                break;
            case MultiaddrProtocol.Codes.P2p:
                Multibase.Base58Btc.Encode(value, ref output);
                break;
            case MultiaddrProtocol.Codes.Certhash:
                output.Append('u');
                Multibase.Base64Url.Encode(value, ref output);
                break;
            case MultiaddrProtocol.Codes.HttpPath:
                FormatPercentEncoded(value, ref output);
                break;
            default:
                Utf8Text.Decode(value, ref output);
                break;
        }
    }

    private static string? ParseIp4(ReadOnlySpan<char> text, Span<byte> address)
    {
        Span<byte> wide = stackalloc byte[16];
        if (IpText.TryParse4(text, address))
        {
            return null;
        }

        if (!IpText.TryParse6(text, wide) || !IpText.IsMapped4(wide))
        {
            return "is no IPv4 address";
        }

        wide[12..].CopyTo(address);
        return null;
    }

    private static string? ParseIp6(ReadOnlySpan<char> text, Span<byte> address)
    {
        if (IpText.TryParse6(text, address))
        {
            return null;
        }

        address.Clear();
        address[10] = address[11] = 0xff;
        return IpText.TryParse4(text, address[12..]) ? null : "is no IPv6 address";
    }

    private static bool ParsePort(ReadOnlySpan<char> text, Span<byte> output)
    {
        var valid = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        BinaryPrimitives.WriteUInt16BigEndian(output, port);
        return valid;
    }

    private static string? ParseOnion(ReadOnlySpan<char> text, int hostLength, ref ValueBuffer<byte> output)
    {
        if (text.Length <= hostLength || text[hostLength] != ':' || !Multibase.Base32.TryDecode(text[..hostLength], ref output))
        {
            return $"is no onion address: {hostLength} characters of base32, ':' and a port";
        }

        return ParsePort(text[(hostLength + 1)..], output.Reserve(2)) ? null : "has no port from 1 to 65535";
    }

    // Written without padding, read with all of it or less.
    private static bool ParseGarlic32(ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        var padded = new ValueBuffer<char>(stackalloc char[128]);
        try
        {
            padded.Append(text);
            padded.Reserve((8 - (text.Length % 8)) % 8).Fill('=');
            return Garlic32.TryDecode(padded.Written, ref output);
        }
        finally
        {
            padded.Dispose();
        }
    }

    // Base58 of a multihash (Qm..., 1...), or a CID of a libp2p key. See specs/peer-ids.
    private static string? ParsePeerId(ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        if (text.Length > MaxPeerIdTextLength)
        {
            return $"is no peer id: longer than {MaxPeerIdTextLength} characters";
        }

        if (text.StartsWith("Qm") || text is ['1', ..])
        {
            return Multibase.Base58Btc.TryDecode(text, ref output) ? null : "is no peer id: not base58";
        }

        if (!Cid.TryParse(text, out var cid, out var error))
        {
            return $"is no peer id: {error}";
        }

        if (cid.Codec != Multicodec.Libp2pKey)
        {
            return $"is no peer id: a CID of {MulticodecTable.Describe(cid.Codec)} instead of libp2p-key";
        }

        output.Append(cid.Hash.Span);
        return null;
    }

    private static bool ParsePercentEncoded(ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        while (text.Length > 0)
        {
            if (text[0] == '%')
            {
                if (text.Length < 3 || !byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
                {
                    return false;
                }

                output.Append(b);
                text = text[3..];
                continue;
            }

            var end = text.IndexOf('%');
            var plain = end < 0 ? text : text[..end];
            var start = output.Length;
            if (!Utf8Text.TryEncode(plain, ref output))
            {
                return false;
            }

            // '+' is a space in the reference implementation, which reads and writes the value as a query.
            output.WrittenMutable[start..].Replace((byte)'+', (byte)' ');
            text = text[plain.Length..];
        }

        return true;
    }

    private static void FormatPercentEncoded(ReadOnlySpan<byte> value, ref ValueBuffer<char> output)
    {
        foreach (var b in value)
        {
            if (Ascii.IsValid(b) && (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~'))
            {
                output.Append((char)b);
            }
            else if (b == ' ')
            {
                output.Append('+');
            }
            else
            {
                output.Append('%');
                b.TryFormat(output.Reserve(2), out _, "X2", CultureInfo.InvariantCulture);
            }
        }
    }
}
