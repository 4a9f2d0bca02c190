using System.Formats.Asn1;

namespace Libp2p;

/// <summary>SubjectPublicKeyInfo (RFC 5280, section 4.1) of all key types, in DER: of RSA and ECDSA it is what libp2p sends, of the others what tools elsewhere read.</summary>
internal static class PublicKeyInfo
{
    private const int MaxLength = 4096;

    public static byte[] Write(PublicKey key)
    {
        if (key.Type is KeyType.Rsa or KeyType.Ecdsa) return key.Data.ToArray();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence()) WriteAlgorithm(writer, key.Type);
            writer.WriteBitString(PointOf(key));
        }

        return writer.Encode();
    }

    /// <exception cref="KeyFormatException">Not such a key.</exception>
    public static PublicKey Read(ReadOnlySpan<byte> der)
    {
        if (der.Length > MaxLength) throw new KeyFormatException($"The public key has {der.Length} bytes, more than {MaxLength}.");
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.DER, out var start, out var length, out var consumed);
            if (consumed != der.Length) throw new KeyFormatException("Bytes follow the public key.");
            var (algorithm, curve) = ReadAlgorithm(der.Slice(start, length), out consumed);
            if (algorithm == KeyOids.Rsa) return PublicKey.FromData(KeyType.Rsa, der);
            if (algorithm == KeyOids.EllipticCurve && curve != KeyOids.Secp256k1) return PublicKey.FromData(KeyType.Ecdsa, der);
            var bits = der.Slice(start + consumed, length - consumed);
            if (!AsnDecoder.TryReadPrimitiveBitString(bits, AsnEncodingRules.DER, out var unused, out var key, out consumed) || unused != 0 || consumed != bits.Length)
            {
                throw new KeyFormatException("The public key is not a whole number of bytes.");
            }

            return PublicKey.FromData(algorithm == KeyOids.Ed25519 ? KeyType.Ed25519 : KeyType.Secp256k1, key);
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The public key is not a SubjectPublicKeyInfo in DER.", e);
        }
    }

    /// <summary>Reads an AlgorithmIdentifier; the curve is null where the algorithm has none.</summary>
    /// <exception cref="KeyFormatException">An algorithm that libp2p does not have, or with parameters that are not its own.</exception>
    /// <exception cref="AsnContentException">Not DER.</exception>
    public static (string Algorithm, string? Curve) ReadAlgorithm(ReadOnlySpan<byte> source, out int consumed)
    {
        AsnDecoder.ReadSequence(source, AsnEncodingRules.DER, out var start, out var length, out consumed);
        var inner = source.Slice(start, length);
        var algorithm = AsnDecoder.ReadObjectIdentifier(inner, AsnEncodingRules.DER, out var used);
        inner = inner[used..];
        string? curve = null;
        used = 0;
        switch (algorithm)
        {
            case KeyOids.Rsa:
                AsnDecoder.ReadNull(inner, AsnEncodingRules.DER, out used);
                break;
            case KeyOids.EllipticCurve:
                curve = AsnDecoder.ReadObjectIdentifier(inner, AsnEncodingRules.DER, out used);
                break;
            case KeyOids.Ed25519:
                break;
            default:
                throw new KeyFormatException($"Keys of the algorithm {algorithm} are none of libp2p's.");
        }

        return used == inner.Length ? (algorithm, curve) : throw new KeyFormatException("The algorithm of the key has parameters that are not its own.");
    }

    public static void WriteAlgorithm(AsnWriter writer, KeyType type)
    {
        writer.WriteObjectIdentifier(type == KeyType.Ed25519 ? KeyOids.Ed25519 : KeyOids.EllipticCurve);
        if (type == KeyType.Secp256k1) writer.WriteObjectIdentifier(KeyOids.Secp256k1);
    }

    /// <summary>What stands in the BIT STRING: of secp256k1 the uncompressed point, as other tools write it.</summary>
    public static ReadOnlySpan<byte> PointOf(PublicKey key) =>
        key is Secp256k1PublicKey point ? point.ToUncompressed() : key.Data.Span;
}
