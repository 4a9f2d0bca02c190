namespace Libp2p.Datastores.Memory;

/// <summary>A value and its key. Immutable.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Sort">The bytes it is sorted by: the key's, or, of one that is only compared with, a bound between keys.</param>
/// <param name="Value">The value.</param>
/// <param name="ExpiresAt">When it expires, in ticks of UTC; <see cref="long.MaxValue"/>: never.</param>
internal sealed record MemoryEntry(DatastoreKey Key, ReadOnlyMemory<byte> Sort, ReadOnlyMemory<byte> Value, long ExpiresAt)
{
    // Nodes of the map and the tree, and the objects of key and value.
    private const int Overhead = 100;

    /// <summary>By the bytes of the keys.</summary>
    public static IComparer<MemoryEntry> Order { get; } = Comparer<MemoryEntry>.Create(static (a, b) => a.Sort.Span.SequenceCompareTo(b.Sort.Span));

    /// <summary>What it takes of the bytes allowed.</summary>
    public long Price => PriceOf(Key, Value.Length);

    public static long PriceOf(DatastoreKey key, int length) => Overhead + key.Length + length;

    /// <summary>Not a value, but a place among the keys.</summary>
    public static MemoryEntry Bound(ReadOnlySpan<byte> bytes, byte last) => new(default, (byte[])[.. bytes, last], default, 0);
}
