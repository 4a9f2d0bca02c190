using System.Formats.Asn1;

namespace Libp2p;

/// <summary>ECDSA signatures: a DER sequence of r and s (RFC 3279, section 2.2.3). Strict: one spelling a pair.</summary>
internal static class EcdsaSignature
{
    /// <summary>Writes r and s, each half of the destination, padded with zeros; false where the signature is not such a pair. Ranges are the verifier's matter.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> signature, Span<byte> destination)
    {
        try
        {
            AsnDecoder.ReadSequence(signature, AsnEncodingRules.DER, out var start, out var length, out var consumed);
            if (consumed != signature.Length) return false;
            var numbers = signature.Slice(start, length);
            var half = destination.Length / 2;
            return TryReadNumber(ref numbers, destination[..half]) && TryReadNumber(ref numbers, destination[half..]) && numbers.IsEmpty;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>The DER form of two unsigned big-endian numbers.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> r, ReadOnlySpan<byte> s)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(r.TrimStart((byte)0));
            writer.WriteIntegerUnsigned(s.TrimStart((byte)0));
        }

        return writer.Encode();
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> from, Span<byte> to)
    {
        var number = AsnDecoder.ReadIntegerBytes(from, AsnEncodingRules.DER, out var consumed);
        from = from[consumed..];
        if ((number[0] & 0x80) != 0) return false;
        if (number[0] == 0) number = number[1..];
        if (number.Length > to.Length) return false;
        to.Clear();
        number.CopyTo(to[(to.Length - number.Length)..]);
        return true;
    }
}
