namespace Libp2p.Datastores.Memory;

/// <summary>What goes wrong, and what to do about it.</summary>
internal static class MemoryErrors
{
    public static DatastoreClosedException Closed() => new("The datastore in memory was closed.", "Use it as long as its node runs.");

    public static DatastoreLimitException TooLong(DatastoreKey key, int length, int most) =>
        new($"The value of {key} has {length} bytes; the datastore in memory takes {most}.", $"Raise {nameof(MemoryOptions.MaxValueLength)}, or split the value.");

    public static DatastoreFullException Entries(long count, int most) =>
        new($"The datastore in memory would hold {count} values; {most} are allowed.", $"Raise {nameof(MemoryOptions.MaxEntries)}, or delete some.");

    public static DatastoreFullException Bytes(long bytes, long most) =>
        new($"The datastore in memory would hold {bytes} bytes; {most} are allowed.", $"Raise {nameof(MemoryOptions.MaxBytes)}, or delete some values.");
}
