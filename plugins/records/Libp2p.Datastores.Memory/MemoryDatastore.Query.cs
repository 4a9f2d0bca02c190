using System.Runtime.CompilerServices;

namespace Libp2p.Datastores.Memory;

/// <content>Queries: a page at a time, each from where the last one ended, so that nobody waits for a walk and nothing is held.</content>
public sealed partial class MemoryDatastore
{
    private const int PageLength = 128;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.ThrowIfInvalid();
        var prefix = query.Prefix.IsRoot ? default : query.Prefix.Span;
        var (first, last) = (MemoryEntry.Bound(prefix, (byte)'/'), MemoryEntry.Bound(prefix, '/' + 1));
        var descending = query.Order == DatastoreOrder.Descending;
        var (left, skip) = (query.Limit ?? long.MaxValue, query.Offset);
        var page = new List<MemoryEntry>();
        await Task.CompletedTask.ConfigureAwait(false);
        while (left > 0 && Read(first, last, descending, page) > 0)
        {
            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (skip-- > 0) continue;
                yield return new DatastoreEntry(entry.Key, query.KeysOnly ? default : entry.Value, entry.ExpiresAt == long.MaxValue ? null : new DateTimeOffset(entry.ExpiresAt, TimeSpan.Zero));
                if (--left == 0) yield break;
            }

            // The next key there can be, and the last one before; a bound itself is no key.
            if (descending) last = page[^1] with { ExpiresAt = 0 };
            else first = MemoryEntry.Bound(page[^1].Sort.Span, 0);
        }
    }

    /// <summary>The next entries between two bounds, the upper one excluded.</summary>
    private int Read(MemoryEntry first, MemoryEntry last, bool descending, List<MemoryEntry> page)
    {
        page.Clear();
        lock (_gate)
        {
            if (_closed) throw MemoryErrors.Closed();
            var now = Now;
            var view = _sorted.GetViewBetween(first, last);
            foreach (var entry in descending ? view.Reverse() : view)
            {
                if (entry.ExpiresAt <= now || MemoryEntry.Order.Compare(entry, last) == 0) continue;
                page.Add(entry);
                if (page.Count == PageLength) break;
            }
        }

        return page.Count;
    }
}
