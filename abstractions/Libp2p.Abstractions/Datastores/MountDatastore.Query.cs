using System.Runtime.CompilerServices;

namespace Libp2p;

/// <content>Queries over several stores: each is asked for its part, and the answers are merged.</content>
internal sealed partial class MountDatastore
{
    public async IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.ThrowIfInvalid();
        var sources = new List<Source>();
        try
        {
            foreach (var point in _points)
            {
                if (AskOf(point, query) is { } part) sources.Add(new Source(this, point, point.Store.QueryAsync(part, cancellationToken).GetAsyncEnumerator(cancellationToken)));
            }

            var (left, skip) = (query.Limit ?? long.MaxValue, query.Offset);
            while (left > 0 && await NextAsync(sources, query.Order).ConfigureAwait(false) is { } entry)
            {
                if (skip-- > 0) continue;
                left--;
                yield return entry;
            }
        }
        finally
        {
            foreach (var source in sources) await source.Entries.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What a store is asked: all that it can have of the answer, since others may have what comes before. Null: it has nothing of it.</summary>
    private static DatastoreQuery? AskOf(Point point, DatastoreQuery query)
    {
        if (point.At == query.Prefix || point.At.IsBelow(query.Prefix)) return query with { Prefix = DatastoreKey.Root, Offset = 0, Limit = null };
        return query.Prefix.IsBelow(point.At) ? query with { Prefix = query.Prefix.RelativeTo(point.At), Offset = 0, Limit = null } : null;
    }

    private static async ValueTask<DatastoreEntry?> NextAsync(List<Source> sources, DatastoreOrder order)
    {
        Source? best = null;
        foreach (var source in sources)
        {
            if (!await source.HasOneAsync().ConfigureAwait(false)) continue;
            if (best is null || (order == DatastoreOrder.Ascending ? source.Entry.Key < best.Entry.Key : order == DatastoreOrder.Descending && source.Entry.Key > best.Entry.Key)) best = source;
        }

        return best?.Take();
    }

    /// <summary>What one store finds, one ahead.</summary>
    private sealed class Source(MountDatastore mounts, Point point, IAsyncEnumerator<DatastoreEntry> entries)
    {
        private bool _has;
        private bool _ended;

        public IAsyncEnumerator<DatastoreEntry> Entries => entries;

        public DatastoreEntry Entry { get; private set; }

        public async ValueTask<bool> HasOneAsync()
        {
            while (!_has && !_ended)
            {
                if (!await entries.MoveNextAsync().ConfigureAwait(false))
                {
                    _ended = true;
                    break;
                }

                Entry = entries.Current with { Key = point.At.Child(entries.Current.Key) };

                // What lies where another store is mounted nobody can reach.
                _has = ReferenceEquals(mounts.Find(Entry.Key), point);
            }

            return _has;
        }

        public DatastoreEntry Take()
        {
            _has = false;
            return Entry;
        }
    }
}
