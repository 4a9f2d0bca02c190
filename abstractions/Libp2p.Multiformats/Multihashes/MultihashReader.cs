using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Multiformats;

/// <summary>Reads the header of a multihash: varint code, varint digest length. No allocation unless it fails.</summary>
internal static class MultihashReader
{
    /// <summary>Reads the multihash that <paramref name="source"/> starts with. The digest is its last <paramref name="digestLength"/> bytes.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> source, out Multicodec code, out int digestLength, out int length, [NotNullWhen(false)] out string? error)
    {
        (code, digestLength, length) = (default, 0, 0);
        var status = UnsignedVarint.TryRead(source, out var rawCode, out var codeLength);
        if (status != VarintStatus.Done)
        {
            error = $"multihash: the code's {UnsignedVarint.Describe(status)}";
            return false;
        }

        status = UnsignedVarint.TryRead(source[codeLength..], out var rawDigestLength, out var lengthLength);
        if (status != VarintStatus.Done)
        {
            error = $"multihash: the length's {UnsignedVarint.Describe(status)}";
            return false;
        }

        if (rawDigestLength > Multihash.MaxDigestLength)
        {
            error = $"multihash: a digest of {rawDigestLength} bytes is longer than {Multihash.MaxDigestLength}";
            return false;
        }

        var header = codeLength + lengthLength;
        if (source.Length - header < (int)rawDigestLength)
        {
            error = $"multihash: the digest has {source.Length - header} of {rawDigestLength} bytes";
            return false;
        }

        code = (Multicodec)rawCode;
        digestLength = (int)rawDigestLength;
        length = header + digestLength;
        error = null;
        return true;
    }

    /// <summary>Reads a multihash that must be all of <paramref name="source"/>.</summary>
    public static bool TryReadAll(ReadOnlySpan<byte> source, out Multicodec code, out int digestLength, [NotNullWhen(false)] out string? error)
    {
        if (!TryRead(source, out code, out digestLength, out var length, out error))
        {
            return false;
        }

        if (length != source.Length)
        {
            error = $"multihash: {source.Length - length} bytes follow the digest";
            return false;
        }

        return true;
    }
}
