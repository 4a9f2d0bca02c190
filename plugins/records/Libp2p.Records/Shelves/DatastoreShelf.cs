using System.Runtime.CompilerServices;
using Libp2p.Multiformats;

namespace Libp2p.Records;

/// <summary>
/// Records in a datastore, each in its protobuf form under <c>/dht/record/</c> and its key in lower-case base32 without padding, as js-libp2p keeps them. What cannot be read there counts as absent.
/// </summary>
internal sealed class DatastoreShelf(IDatastore datastore) : IRecordShelf
{
    private static readonly DatastoreKey Prefix = DatastoreKey.Parse("/dht/record");

    public async ValueTask<DhtRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken) =>
        await datastore.GetAsync(KeyOf(key), cancellationToken).ConfigureAwait(false) is { } bytes && DhtRecord.TryFromProtobuf(bytes.Span, out var record, out _) && record.Key == key ? record : null;

    public ValueTask WriteAsync(DhtRecord record, CancellationToken cancellationToken) => datastore.PutAsync(KeyOf(record.Key), record.ToProtobuf(), null, cancellationToken);

    public ValueTask DeleteAsync(RecordKey key, CancellationToken cancellationToken) => datastore.DeleteAsync(KeyOf(key), cancellationToken);

    public async IAsyncEnumerable<DhtRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in datastore.QueryAsync(new() { Prefix = Prefix }, cancellationToken).ConfigureAwait(false))
        {
            if (DhtRecord.TryFromProtobuf(entry.Value.Span, out var record, out _)) yield return record;
        }
    }

    private static DatastoreKey KeyOf(RecordKey key) => Prefix.Child(Multibase.Encode(MultibaseEncoding.Base32, key.Bytes)[1..]);
}
