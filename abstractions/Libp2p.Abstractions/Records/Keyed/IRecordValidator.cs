using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>
/// Role: says which values may stand under the keys of one namespace, and which of several is the best. Both depend on nothing but what is handed in, so that all peers come to one verdict.
/// Thread-safe; never throws for a stranger's bytes.
/// </summary>
public interface IRecordValidator
{
    /// <summary>The namespace, without slashes: <c>pk</c>.</summary>
    string Namespace { get; }

    /// <summary>Whether the record may stand under its key, at this time.</summary>
    /// <param name="record">Of this namespace; <see cref="DhtRecord.TimeReceived"/> is this node's own, or null for one that arrives now.</param>
    /// <param name="now">The time.</param>
    /// <param name="why">Why not.</param>
    bool Validate(DhtRecord record, DateTimeOffset now, [NotNullWhen(false)] out string? why);

    /// <summary>The best of several values of one key, each of which may stand there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">At least one. Of equally good ones the first is taken.</param>
    /// <returns>Its index.</returns>
    int Select(RecordKey key, IReadOnlyList<ReadOnlyMemory<byte>> values);
}
