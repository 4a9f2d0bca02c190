using Libp2p.Datastores.Sqlite;
using Libp2p.TestKit;

namespace Libp2p.Datastores.Tests.Sqlite;

public sealed class SqliteDatastoreTests : DatastoreContract
{
    private readonly StoreFolder _folder = new();

    protected override ValueTask<IDatastore> OpenAsync() => ValueTask.FromResult<IDatastore>(_folder.Open(runtime: Runtime.Node));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_file_and_what_belongs_to_it_are_the_owners_alone_and_one_file_is_left()
    {
        await Store.PutAsync("/a", "x"u8.ToArray());
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(_folder.Folder)) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        await CloseAsync(Store);
        Directory.EnumerateFiles(_folder.Folder).Select(Path.GetFileName).ShouldBe(["datastore.db", "datastore.db.lock"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_has_expired_leaves_the_file()
    {
        for (var i = 0; i < 100; i++) await Store.PutAsync($"/{i}", default, TimeSpan.FromSeconds(1 + i));
        Runtime.Clock.Advance(TimeSpan.FromSeconds(70));
        await Store.PutAsync("/swept", default);

        // The sweep is behind the write that it comes with, and in front of the next.
        await Store.SyncAsync();
        await CloseAsync(Store);
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM entries";
        count.ExecuteScalar().ShouldBe(31L);
    }

    [Fact]
    public async Task It_has_so_many_readers_and_the_others_wait()
    {
        await CloseAsync(Store);
        await using var store = _folder.Open(new SqliteOptions { Readers = 1 }, Runtime.Node);
        await store.PutAsync("/a/1", "x"u8.ToArray());
        await store.PutAsync("/a/2", "x"u8.ToArray());
        await foreach (var entry in store.QueryAsync(new DatastoreQuery { Prefix = "/a" }))
        {
            (await store.HasAsync(entry.Key).Within()).ShouldBeTrue("a query that waits for its caller holds no reader");
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () => (await store.GetAsync("/a/1")).ShouldNotBeNull()))).Within();
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        new SqliteOptions().Validate().ShouldBeEmpty();
        var options = new SqliteOptions
        {
            Path = "", MaxValueLength = 0, MaxFileLength = 1, Readers = 0, MaxQueuedWrites = 0, MaxGroupedWrites = 0, BusyTimeout = TimeSpan.FromSeconds(-1), SweepInterval = TimeSpan.Zero,
        };
        options.Validate().Count().ShouldBe(8);
    }
}
