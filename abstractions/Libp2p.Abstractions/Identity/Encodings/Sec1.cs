using System.Formats.Asn1;

namespace Libp2p;

/// <summary>ECPrivateKey (RFC 5915, section 3) in DER: version 1, the scalar, the curve where nothing around it says it, perhaps the public point. A view into the bytes.</summary>
internal readonly ref struct Sec1
{
    private static readonly Asn1Tag CurveTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PointTag = new(TagClass.ContextSpecific, 1);

    public ReadOnlySpan<byte> Scalar { get; private init; }

    /// <summary>The object identifier of the curve; null where the key does not say it.</summary>
    public string? Curve { get; private init; }

    /// <summary>The encoded public point; empty where the key has none.</summary>
    public ReadOnlySpan<byte> Point { get; private init; }

    /// <exception cref="KeyFormatException">Not such a key; what is around or behind its parts counts.</exception>
    /// <exception cref="AsnContentException">Not DER.</exception>
    public static Sec1 Read(ReadOnlySpan<byte> data)
    {
        AsnDecoder.ReadSequence(data, AsnEncodingRules.DER, out var start, out var length, out var consumed);
        if (consumed != data.Length) throw new KeyFormatException("Bytes follow the elliptic-curve private key.");
        var rest = data.Slice(start, length);
        if (!AsnDecoder.TryReadInt32(rest, AsnEncodingRules.DER, out var version, out consumed) || version != 1)
        {
            throw new KeyFormatException("The elliptic-curve private key is not of version 1.");
        }

        rest = rest[consumed..];
        if (!AsnDecoder.TryReadPrimitiveOctetString(rest, AsnEncodingRules.DER, out var scalar, out consumed)) throw new AsnContentException();
        rest = rest[consumed..];

        string? curve = null;
        if (!rest.IsEmpty && Asn1Tag.Decode(rest, out _).HasSameClassAndValue(CurveTag))
        {
            AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out start, out length, out consumed, CurveTag);
            var named = rest.Slice(start, length);
            rest = rest[consumed..];
            curve = AsnDecoder.ReadObjectIdentifier(named, AsnEncodingRules.DER, out consumed);
            if (consumed != named.Length) throw new KeyFormatException("Bytes follow the curve of the elliptic-curve private key.");
        }

        return new() { Scalar = scalar, Curve = curve, Point = rest.IsEmpty ? default : ReadPoint(rest) };
    }

    public static void Write(AsnWriter writer, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(scalar);
            using (writer.PushSequence(PointTag)) writer.WriteBitString(point);
        }
    }

    private static ReadOnlySpan<byte> ReadPoint(ReadOnlySpan<byte> rest)
    {
        AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out var start, out var length, out var consumed, PointTag);
        if (consumed != rest.Length) throw new KeyFormatException("Bytes follow the public half of the elliptic-curve private key.");
        var half = rest.Slice(start, length);
        return AsnDecoder.TryReadPrimitiveBitString(half, AsnEncodingRules.DER, out var unused, out var encoded, out consumed) && unused == 0 && consumed == half.Length
            ? encoded
            : throw new AsnContentException();
    }
}
