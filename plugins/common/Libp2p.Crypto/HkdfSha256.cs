using System.Security.Cryptography;

namespace Libp2p.Crypto;

/// <summary>HKDF with SHA-256 (RFC 5869), extract and expand in one, without allocation.</summary>
public static class HkdfSha256
{
    private const int HashSize = SHA256.HashSizeInBytes;
    private const int MaxInfo = 256;

    /// <summary>Derives keys. Noise's HKDF(chaining key, input) is this with the chaining key as salt and no info.</summary>
    /// <param name="salt">Any length; the chaining key in Noise.</param>
    /// <param name="inputKey">The input key material; any length, overlapping nothing of <paramref name="output"/>.</param>
    /// <param name="info">At most 256 bytes.</param>
    /// <param name="output">1 to 8,160 bytes.</param>
    public static void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> info, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(info.Length, MaxInfo);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, 255 * HashSize);
        Span<byte> key = stackalloc byte[HashSize];
        Span<byte> block = stackalloc byte[HashSize + MaxInfo + 1];
        Span<byte> hash = stackalloc byte[HashSize];
        HMACSHA256.HashData(salt, inputKey, key);

        // T(i) = HMAC(key, T(i - 1) | info | i); T(0) is empty.
        var previous = 0;
        for (byte counter = 1; output.Length > 0; counter++)
        {
            info.CopyTo(block[previous..]);
            block[previous + info.Length] = counter;
            HMACSHA256.HashData(key, block[..(previous + info.Length + 1)], hash);
            var take = Math.Min(HashSize, output.Length);
            hash[..take].CopyTo(output);
            output = output[take..];
            hash.CopyTo(block);
            previous = HashSize;
        }

        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(hash);
    }
}
