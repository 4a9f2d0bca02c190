using System.Formats.Asn1;

namespace Libp2p;

/// <summary>
/// SubjectPublicKeyInfo (RFC 5280, section 4.1) in DER, of the two algorithms that libp2p carries so. Strict: one spelling a key; trailing bytes, on any level, and lengths
/// that are not minimal are refused.
/// </summary>
internal static class SubjectPublicKeyInfo
{
    /// <summary>Modulus and exponent, unsigned, big-endian, without leading zeros.</summary>
    /// <exception cref="KeyFormatException">Not such a key.</exception>
    public static (ReadOnlyMemory<byte> Modulus, ReadOnlyMemory<byte> Exponent) ReadRsa(ReadOnlySpan<byte> der)
    {
        try
        {
            var info = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var outer = info.ReadSequence();
            info.ThrowIfNotEmpty();
            var algorithm = outer.ReadSequence();
            if (algorithm.ReadObjectIdentifier() != KeyOids.Rsa) throw new KeyFormatException("The key is not an RSA key.");
            algorithm.ReadNull();
            algorithm.ThrowIfNotEmpty();
            var numbers = new AsnReader(ReadBits(outer), AsnEncodingRules.DER);
            outer.ThrowIfNotEmpty();
            var key = numbers.ReadSequence();
            numbers.ThrowIfNotEmpty();
            var modulus = ReadPositive(key);
            var exponent = ReadPositive(key);
            key.ThrowIfNotEmpty();
            return (modulus, exponent);
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The RSA key is not a SubjectPublicKeyInfo in DER.", e);
        }
    }

    /// <summary>The object identifier of the curve, and the encoded point.</summary>
    /// <exception cref="KeyFormatException">Not such a key.</exception>
    public static (string Curve, ReadOnlyMemory<byte> Point) ReadEc(ReadOnlySpan<byte> der)
    {
        try
        {
            var info = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var outer = info.ReadSequence();
            info.ThrowIfNotEmpty();
            var algorithm = outer.ReadSequence();
            if (algorithm.ReadObjectIdentifier() != KeyOids.EllipticCurve) throw new KeyFormatException("The key is not an elliptic-curve key.");
            var curve = algorithm.ReadObjectIdentifier();
            algorithm.ThrowIfNotEmpty();
            var point = ReadBits(outer);
            outer.ThrowIfNotEmpty();
            return (curve, point);
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The ECDSA key is not a SubjectPublicKeyInfo in DER.", e);
        }
    }

    public static ReadOnlyMemory<byte> ReadPositive(AsnReader reader)
    {
        var number = reader.ReadIntegerBytes();
        if ((number.Span[0] & 0x80) != 0) throw new AsnContentException("A number is negative.");
        return number.Span[0] == 0 ? number[1..] : number;
    }

    private static ReadOnlyMemory<byte> ReadBits(AsnReader reader)
    {
        if (!reader.TryReadPrimitiveBitString(out var unused, out var bits) || unused != 0)
        {
            throw new AsnContentException("The key is not a whole number of bytes.");
        }

        return bits;
    }
}
