namespace Libp2p.Multiformats;

/// <summary>Writes the digest of data; the destination has exactly the length of the digest.</summary>
internal delegate void HashInto(ReadOnlySpan<byte> data, Span<byte> digest);

/// <param name="Hash">Computes the digest.</param>
/// <param name="Length">Bytes of the digest when none are asked for.</param>
/// <param name="IsVariable">Whether the function yields digests of any length.</param>
internal sealed record HashFunction(HashInto Hash, int Length, bool IsVariable = false)
{
    public int MaxLength => IsVariable ? Multihash.MaxDigestLength : Length;
}
