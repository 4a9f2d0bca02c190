using Libp2p.Datastores.Memory;
using Libp2p.TestKit;
using Microsoft.Extensions.Options;

namespace Libp2p.Records.Tests;

public sealed class MemoryRecordStoreTests : RecordStoreContract
{
    protected override ValueTask<IRecordStore> OpenAsync(int maxRecords) =>
        new(new RecordStore(() => new MemoryShelf(), Validators, Runtime.Node, new RecordsOptions { MaxRecords = maxRecords }));

    [Fact]
    public async Task Too_long_values_are_refused_before_they_are_looked_at()
    {
        var error = await Should.ThrowAsync<RecordException>(async () => await Store.PutAsync(Name, new byte[(65 * 1024) + 1]));
        error.Message.ShouldContain(nameof(RecordsOptions.MaxValueLength));
    }

    [Fact]
    public async Task So_many_bytes_and_no_more()
    {
        var value = Record(1);
        var store = new RecordStore(() => new MemoryShelf(), Validators, Runtime.Node, new RecordsOptions { MaxBytes = value.Length });

        var error = await Should.ThrowAsync<ResourceLimitException>(async () => await store.PutAsync(Name, value));

        error.Message.ShouldContain(nameof(RecordsOptions.MaxBytes));
    }

    [Fact]
    public async Task A_store_full_of_valid_records_is_not_read_through_for_every_one_that_is_refused()
    {
        var shelf = new CountedShelf();
        var store = new RecordStore(() => shelf, Validators, Runtime.Node, new RecordsOptions { MaxRecords = 1 });
        await store.PutAsync(Name, Record(1));
        var before = shelf.ReadThrough;
        for (byte i = 2; i < 30; i++)
        {
            var other = TestIdentity.Get(i);
            await Should.ThrowAsync<ResourceLimitException>(async () => await store.PutAsync(RecordKey.OfPublicKey(other.PeerId), other.PublicKey.Protobuf));
        }

        shelf.ReadThrough.ShouldBe(before + 1);
    }

    private sealed class CountedShelf : IRecordShelf
    {
        private readonly MemoryShelf _inner = new();

        public int ReadThrough { get; private set; }

        public ValueTask<DhtRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken) => _inner.ReadAsync(key, cancellationToken);

        public ValueTask WriteAsync(DhtRecord record, CancellationToken cancellationToken) => _inner.WriteAsync(record, cancellationToken);

        public ValueTask DeleteAsync(RecordKey key, CancellationToken cancellationToken) => _inner.DeleteAsync(key, cancellationToken);

        public IAsyncEnumerable<DhtRecord> ReadAllAsync(CancellationToken cancellationToken)
        {
            ReadThrough++;
            return _inner.ReadAllAsync(cancellationToken);
        }
    }
}

public sealed class DatastoreRecordStoreTests : RecordStoreContract
{
    private readonly MemoryDatastore _datastore;

    public DatastoreRecordStoreTests() => _datastore = new MemoryDatastore(Runtime.Node, Options.Create(new MemoryOptions()));

    protected override ValueTask<IRecordStore> OpenAsync(int maxRecords) =>
        new(new RecordStore(() => new DatastoreShelf(_datastore), Validators, Runtime.Node, new RecordsOptions { MaxRecords = maxRecords }));

    [Fact]
    public async Task What_one_store_left_the_next_one_finds_and_counts()
    {
        await Store.PutAsync(Name, Record(1));
        var next = await OpenAsync(maxRecords: 1);

        (await next.GetAsync(Name)).ShouldNotBeNull();
        await Should.ThrowAsync<ResourceLimitException>(async () => await next.PutAsync(RecordKey.OfPublicKey(TestIdentity.Get(1).PeerId), TestIdentity.Get(1).PublicKey.Protobuf));
    }

    [Fact]
    public async Task Records_lie_where_js_keeps_them_and_what_is_no_record_there_is_absent()
    {
        await Store.PutAsync(Name, Record(1));
        var key = $"/dht/record/{Multiformats.Multibase.Encode(Multiformats.MultibaseEncoding.Base32, Name.Bytes)[1..]}";
        DhtRecord.FromProtobuf((await _datastore.GetAsync(key))!.Value.Span).Key.ShouldBe(Name);

        await _datastore.PutAsync(key, "rubbish"u8.ToArray());
        (await Store.GetAsync(Name)).ShouldBeNull();
        (await Store.PutAsync(Name, Record(1))).ShouldBeTrue();
    }
}
