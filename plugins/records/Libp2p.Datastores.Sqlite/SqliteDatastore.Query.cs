using System.Runtime.CompilerServices;

namespace Libp2p.Datastores.Sqlite;

/// <content>Queries: a page at a time, each from where the last one ended, so that no reader holds up the log.</content>
public sealed partial class SqliteDatastore
{
    private const int PageLength = 128;
    private const int PageBytes = 1 << 20;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.ThrowIfInvalid();
        ReadOnlyMemory<byte> prefix = query.Prefix.IsRoot ? default : query.Prefix.Bytes;
        var (first, last) = (Bound(prefix, (byte)'/'), Bound(prefix, '/' + 1));
        var (left, skip) = (query.Limit ?? long.MaxValue, query.Offset);
        var page = new List<DatastoreEntry>();
        while (left > 0)
        {
            var isLast = await ReadPageAsync(query, first, last, Math.Min(left, PageLength), skip, page, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }

            if (isLast || page.Count == 0) break;
            left -= page.Count;
            skip = 0;
            if (query.Order == DatastoreOrder.Descending) last = page[^1].Key.Bytes;
            else first = Bound(page[^1].Key.Bytes, 0);
        }
    }

    private async ValueTask<bool> ReadPageAsync(
        DatastoreQuery query, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> last, long most, long skip, List<DatastoreEntry> page, CancellationToken cancellationToken)
    {
        page.Clear();
        var session = await _readers.RentAsync(cancellationToken).ConfigureAwait(false);
        var statement = default(SqliteStatement);
        try
        {
            statement = session[TextOf(query)].Bind(1, first.Span).Bind(2, last.Span).Bind(3, SqliteTime.Of(_runtime.Time.GetUtcNow())).Bind(4, most).Bind(5, skip);
            var bytes = 0;
            while (statement.Step())
            {
                ReadOnlyMemory<byte> value = query.KeysOnly ? default : statement.Blob(2).ToArray();
                page.Add(new DatastoreEntry(DatastoreKey.FromBytes(statement.Blob(0)), value, statement.Number(1) is { } expires ? SqliteTime.From(expires) : null));
                if ((bytes += value.Length) >= PageBytes) return false;
            }

            return page.Count < most;
        }
        finally
        {
            statement?.Reset();
            _readers.Return(session);
        }
    }

    private static string TextOf(DatastoreQuery query) => (query.KeysOnly, query.Order == DatastoreOrder.Descending) switch
    {
        (true, true) => "SELECT key, expires FROM entries WHERE key >= ?1 AND key < ?2 AND (expires IS NULL OR expires > ?3) ORDER BY key DESC LIMIT ?4 OFFSET ?5",
        (true, false) => "SELECT key, expires FROM entries WHERE key >= ?1 AND key < ?2 AND (expires IS NULL OR expires > ?3) ORDER BY key LIMIT ?4 OFFSET ?5",
        (false, true) => "SELECT key, expires, value FROM entries WHERE key >= ?1 AND key < ?2 AND (expires IS NULL OR expires > ?3) ORDER BY key DESC LIMIT ?4 OFFSET ?5",
        _ => "SELECT key, expires, value FROM entries WHERE key >= ?1 AND key < ?2 AND (expires IS NULL OR expires > ?3) ORDER BY key LIMIT ?4 OFFSET ?5",
    };

    private static ReadOnlyMemory<byte> Bound(ReadOnlyMemory<byte> bytes, byte last) => (byte[])[.. bytes.Span, last];
}
