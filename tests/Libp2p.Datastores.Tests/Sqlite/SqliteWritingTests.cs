using Libp2p.Datastores.Sqlite;
using Libp2p.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Datastores.Tests.Sqlite;

/// <summary>Writes that share a transaction, and what becomes of them when there is no room.</summary>
public sealed class SqliteWritingTests : IDisposable
{
    private static readonly SqliteOptions Small = new() { MaxFileLength = 64 << 10 };

    private readonly StoreFolder _folder = new();
    private readonly HeldScheduler _scheduler = new();
    private readonly NodeRuntime _held;

    public SqliteWritingTests() => _held = new NodeRuntime { Time = new FakeTimeProvider(), Random = new SeededRandomSource(1), Scheduler = _scheduler, Network = TestRuntime.Fake().Node.Network };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_file_says_so_can_be_read_and_takes_more_when_there_is_room()
    {
        await using var store = _folder.Open(Small);
        var written = 0;
        var full = await Should.ThrowAsync<DatastoreFullException>(async () =>
        {
            for (; ; written++) await store.PutAsync($"/{written}", new byte[1000]);
        });
        full.Message.ShouldContain(nameof(SqliteOptions.MaxFileLength));
        written.ShouldBeInRange(10, 64);
        for (var i = 0; i < written; i++) (await store.HasAsync($"/{i}")).ShouldBeTrue();
        (await store.HasAsync($"/{written}")).ShouldBeFalse();
        for (var i = 0; i < written; i++) await store.DeleteAsync($"/{i}");
        await store.PutAsync("/again", new byte[1000]);
        await store.SyncAsync();
    }

    [Fact]
    public async Task A_batch_that_has_no_room_is_not_written_at_all()
    {
        await using var store = _folder.Open(Small);
        var batch = new DatastoreBatch();
        for (var i = 0; i < 100; i++) batch.Put($"/{i}", new byte[1000]);
        await Should.ThrowAsync<DatastoreFullException>(async () => await store.WriteAsync(batch));
        await foreach (var entry in store.QueryAsync(new DatastoreQuery())) Assert.Fail($"{entry.Key} was written");
    }

    [Fact]
    public async Task Of_writes_that_share_a_transaction_one_that_fails_takes_no_other_with_it()
    {
        var store = _folder.Open(Small, _held);
        var writes = Enumerable.Range(0, 9).Select(i => store.PutAsync($"/{i}", new byte[i == 4 ? 100_000 : 100]).AsTask()).ToList();
        writes.ShouldAllBe(static write => !write.IsCompleted);
        _scheduler.Run();
        for (var i = 0; i < writes.Count; i++)
        {
            if (i == 4) await Should.ThrowAsync<DatastoreFullException>(() => writes[4]);
            else await writes[i];
            (await store.HasAsync($"/{i}")).ShouldBe(i != 4);
        }

        await CloseAsync(store);
    }

    [Fact]
    public async Task The_queue_is_bounded_and_who_finds_it_full_waits_for_a_place()
    {
        var store = _folder.Open(new SqliteOptions { MaxQueuedWrites = 2 }, _held);
        using var cancel = new CancellationTokenSource();
        var writes = Enumerable.Range(0, 5).Select(i => store.PutAsync($"/{i}", default, cancellationToken: i == 3 ? cancel.Token : default).AsTask()).ToList();
        await cancel.CancelAsync();
        _scheduler.Run();
        await Should.ThrowAsync<OperationCanceledException>(() => writes[3]);
        writes.RemoveAt(3);
        await Task.WhenAll(writes);
        (await store.HasAsync("/3")).ShouldBeFalse();
        (await store.HasAsync("/4")).ShouldBeTrue();
        await CloseAsync(store);
    }

    [Fact]
    public async Task What_waits_when_the_store_is_closed_is_written_and_what_comes_later_refused()
    {
        var store = _folder.Open(runtime: _held);
        var write = store.PutAsync("/a", default).AsTask();
        var closing = store.DisposeAsync().AsTask();
        var late = store.PutAsync("/b", default).AsTask();
        _scheduler.Run();
        await write;
        await closing;
        await Should.ThrowAsync<DatastoreClosedException>(() => late);
        await using var again = _folder.Open();
        (await again.HasAsync("/a")).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_write_can_be_synced()
    {
        await using var store = _folder.Open(new SqliteOptions { SyncEveryWrite = true });
        await store.PutAsync("/a", default);
        await store.SyncAsync();
        (await store.HasAsync("/a")).ShouldBeTrue();
    }

    private async Task CloseAsync(SqliteDatastore store)
    {
        var closing = store.DisposeAsync().AsTask();
        _scheduler.Run();
        await closing;
    }
}
