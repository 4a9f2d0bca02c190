using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>PKCS#8 (RFC 5208; RFC 5958 with the public half; RFC 8410 for Ed25519) in DER, strictly.</summary>
internal static class PrivateKeyInfo
{
    /// <summary>Most bytes of a key: one of RSA with 8,192 bits fits.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly Asn1Tag Attributes = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag PublicHalf = new(TagClass.ContextSpecific, 1);

    /// <summary>The caller owns, and should zero, the array.</summary>
    public static byte[] Write(PrivateKey key)
    {
        var protobuf = key.ToProtobuf();
        var writer = new AsnWriter(AsnEncodingRules.DER, MaxLength); // never grows, so no copy stays behind
        try
        {
            var data = KeyProtobuf.DecodePrivate(protobuf, out var type);
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence()) WriteAlgorithm(writer, type, data);
                using (writer.PushOctetString()) WriteKey(writer, key, data);
            }

            return writer.Encode();
        }
        finally
        {
            writer.Reset(); // clears what was written
            CryptographicOperations.ZeroMemory(protobuf);
        }
    }

    /// <exception cref="KeyFormatException">Not such a key.</exception>
    public static PrivateKey Read(ReadOnlySpan<byte> der)
    {
        if (der.Length > MaxLength) throw new KeyFormatException($"The private key has {der.Length} bytes, more than {MaxLength}.");
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.DER, out var start, out var length, out var consumed);
            if (consumed != der.Length) throw new KeyFormatException("Bytes follow the private key.");
            var rest = der.Slice(start, length);
            if (!AsnDecoder.TryReadInt32(rest, AsnEncodingRules.DER, out var version, out consumed) || version is not (0 or 1))
            {
                throw new KeyFormatException("The private key is of a version of PKCS#8 that is not known.");
            }

            rest = rest[consumed..];
            var (algorithm, curve) = PublicKeyInfo.ReadAlgorithm(rest, out consumed);
            rest = rest[consumed..];
            if (!AsnDecoder.TryReadPrimitiveOctetString(rest, AsnEncodingRules.DER, out var inner, out consumed)) throw new AsnContentException();
            rest = rest[consumed..];
            var half = ReadTail(rest, version);
            var key = ReadKey(algorithm, curve, inner);
            if (half.IsEmpty || half.SequenceEqual(HalfOf(key.PublicKey))) return key;
            key.Dispose();
            throw new KeyFormatException("The private key carries a public key that is not its own.");
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The private key is not one of PKCS#8 in DER.", e);
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, KeyType type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case KeyType.Rsa:
                writer.WriteObjectIdentifier(KeyOids.Rsa);
                writer.WriteNull();
                break;
            case KeyType.Ecdsa:
                writer.WriteObjectIdentifier(KeyOids.EllipticCurve);
                writer.WriteObjectIdentifier(Sec1.Read(data).Curve!);
                break;
            default:
                PublicKeyInfo.WriteAlgorithm(writer, type);
                break;
        }
    }

    private static void WriteKey(AsnWriter writer, PrivateKey key, ReadOnlySpan<byte> data)
    {
        switch (key.Type)
        {
            case KeyType.Rsa:
                writer.WriteEncodedValue(data);
                break;
            case KeyType.Ecdsa:
                var parts = Sec1.Read(data);
                Sec1.Write(writer, parts.Scalar, parts.Point);
                break;
            case KeyType.Ed25519:
                writer.WriteOctetString(data[..Ed25519PrivateKey.SeedSize]);
                break;
            default:
                Sec1.Write(writer, data, PublicKeyInfo.PointOf(key.PublicKey));
                break;
        }
    }

    private static PrivateKey ReadKey(string algorithm, string? curve, ReadOnlySpan<byte> inner)
    {
        switch (algorithm)
        {
            case KeyOids.Rsa:
                return RsaPrivateKey.Read(inner);
            case KeyOids.Ed25519:
                return AsnDecoder.TryReadPrimitiveOctetString(inner, AsnEncodingRules.DER, out var seed, out var consumed) && consumed == inner.Length
                    ? Ed25519PrivateKey.FromSeed(seed)
                    : throw new KeyFormatException("The Ed25519 private key is not a seed in an octet string.");
            default:
                return curve == KeyOids.Secp256k1 ? Secp256k1PrivateKey.ReadSec1(inner, curve) : EcdsaPrivateKey.Read(inner, curve);
        }
    }

    // Attributes are passed over; a public half is of version 1 only.
    private static ReadOnlySpan<byte> ReadTail(ReadOnlySpan<byte> rest, int version)
    {
        if (!rest.IsEmpty && Asn1Tag.Decode(rest, out _).HasSameClassAndValue(Attributes))
        {
            AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.DER, out _, out _, out var consumed);
            rest = rest[consumed..];
        }

        if (rest.IsEmpty) return default;
        return version == 1 && AsnDecoder.TryReadPrimitiveBitString(rest, AsnEncodingRules.DER, out var unused, out var half, out var used, PublicHalf) && unused == 0 && used == rest.Length
            ? half
            : throw new KeyFormatException("Bytes follow the parts of the private key.");
    }

    private static ReadOnlySpan<byte> HalfOf(PublicKey key)
    {
        var info = PublicKeyInfo.Write(key);
        AsnDecoder.ReadSequence(info, AsnEncodingRules.DER, out var start, out var length, out _);
        var inner = info.AsSpan(start, length);
        AsnDecoder.ReadSequence(inner, AsnEncodingRules.DER, out _, out _, out var consumed);
        return AsnDecoder.TryReadPrimitiveBitString(inner[consumed..], AsnEncodingRules.DER, out _, out var half, out _) ? half : default;
    }
}
