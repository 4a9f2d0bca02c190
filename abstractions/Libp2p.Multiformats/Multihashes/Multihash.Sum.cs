namespace Libp2p.Multiformats;

public readonly partial struct Multihash
{
    /// <summary>Whether <see cref="Sum(Multicodec, ReadOnlySpan{byte}, int?)"/> can compute the hash function.</summary>
    public static bool IsSupported(Multicodec code) => HashFunctions.Find(code) is not null;

    /// <summary>Hashes data.</summary>
    /// <param name="code">The hash function; <see cref="Multicodec.Identity"/> keeps the data itself.</param>
    /// <param name="data">What to hash.</param>
    /// <param name="length">
    /// Bytes of the digest: at most what the function yields, of which the first are kept; for blake3, which yields any length, as many as asked for.
    /// The function's own length when null.
    /// </param>
    /// <exception cref="UnsupportedHashException">The function cannot be computed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length is negative, or more than the function yields or <see cref="MaxDigestLength"/>; for identity, other than the data's.
    /// </exception>
    public static Multihash Sum(Multicodec code, ReadOnlySpan<byte> data, int? length = null)
    {
        var function = HashFunctions.Find(code) ?? throw new UnsupportedHashException(code);
        if (code == Multicodec.Identity)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(length ?? data.Length, data.Length, nameof(length));
            return Create(code, data);
        }

        var kept = length ?? function.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(kept, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, function.MaxLength, nameof(length));
        Span<byte> digest = stackalloc byte[MaxDigestLength];
        var whole = digest[..(function.IsVariable ? kept : function.Length)];
        function.Hash(data, whole);
        return Create(code, whole[..kept]);
    }

    /// <summary>Whether this is the multihash of <paramref name="data"/>: hashes it with the same function and length, and compares.</summary>
    /// <exception cref="UnsupportedHashException">The function cannot be computed.</exception>
    public bool Verify(ReadOnlySpan<byte> data)
    {
        var function = HashFunctions.Find(Code) ?? throw new UnsupportedHashException(Code);
        return Code == Multicodec.Identity
            ? Digest.SequenceEqual(data)
            : Digest.Length <= function.MaxLength && Sum(Code, data, Digest.Length) == this;
    }
}
