namespace Libp2p;

/// <summary>What <see cref="IDatastore.QueryAsync"/> looks for.</summary>
public sealed record DatastoreQuery
{
    /// <summary>Everything below it, by whole components: <c>/a</c> finds <c>/a/b</c>, neither <c>/a</c> nor <c>/ab</c>. Default: the root, below which everything is.</summary>
    public DatastoreKey Prefix { get; init; }

    /// <summary>In which order. Default <see cref="DatastoreOrder.Any"/>, which may be cheaper.</summary>
    public DatastoreOrder Order { get; init; }

    /// <summary>How many to leave out at the beginning; 0 and more, default 0. They are still walked over.</summary>
    public long Offset { get; init; }

    /// <summary>The most to return; 0 and more. Null, the default: all.</summary>
    public long? Limit { get; init; }

    /// <summary>Whether values are left out of the answer. Default false.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>For stores: refuses what is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative offset or limit, or an unknown order.</exception>
    public void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Offset);
        if (Limit is { } limit) ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(Limit));
        if (Order is < DatastoreOrder.Any or > DatastoreOrder.Descending) throw new ArgumentOutOfRangeException(nameof(Order), Order, "Not an order.");
    }
}

/// <summary>The order of what a query finds.</summary>
public enum DatastoreOrder
{
    /// <summary>As it comes.</summary>
    Any,

    /// <summary>By the bytes of the keys.</summary>
    Ascending,

    /// <summary>By the bytes of the keys, backwards.</summary>
    Descending,
}

/// <summary>What a query found.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value, in memory that is the caller's to keep and nobody's to change; empty where only keys were asked for.</param>
/// <param name="ExpiresAt">When it expires; null: never.</param>
public readonly record struct DatastoreEntry(DatastoreKey Key, ReadOnlyMemory<byte> Value, DateTimeOffset? ExpiresAt = null);
