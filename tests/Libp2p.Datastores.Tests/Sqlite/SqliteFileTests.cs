using Libp2p.Datastores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Libp2p.Datastores.Tests.Sqlite;

/// <summary>Files that are somebody else's, damaged, or in use.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_open_is_refused_and_free_again_when_it_is_closed()
    {
        await using (_folder.Open())
        {
            var refused = Should.Throw<DatastoreInUseException>(() => _folder.Open());
            refused.Message.ShouldContain(_folder.Path);
            refused.Remedy.ShouldContain("libp2p status");
        }

        await using var again = _folder.Open();
        await again.PutAsync("/a", default);
    }

    [Fact]
    public void A_file_that_is_no_database_is_named_with_what_to_do_and_left_as_it_is()
    {
        var garbage = new byte[8192];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(_folder.Path, garbage);
        var damaged = Should.Throw<DatastoreCorruptException>(() => _folder.Open());
        damaged.Remedy.ShouldContain("move the file away");
        File.ReadAllBytes(_folder.Path).ShouldBe(garbage);
    }

    [Fact]
    public async Task Pages_that_were_overwritten_are_found_when_they_are_read_and_the_rest_still_is()
    {
        await using (var store = _folder.Open())
        {
            var batch = new DatastoreBatch();
            for (var i = 0; i < 2000; i++) batch.Put($"/{i:0000}", new byte[200]);
            await store.WriteAsync(batch);
        }

        using (var file = new FileStream(_folder.Path, FileMode.Open))
        {
            // Behind the root pages, and not all of it.
            var noise = new byte[4096];
            new Random(1).NextBytes(noise);
            for (var page = 20; page < 40; page++)
            {
                file.Position = page * 4096L;
                file.Write(noise);
            }
        }

        await using var damaged = _folder.Open();
        var error = await Should.ThrowAsync<DatastoreCorruptException>(async () =>
        {
            for (var i = 0; i < 2000; i++) await damaged.GetAsync($"/{i:0000}");
        });
        error.Layer.ShouldBe(ConnectionLayer.Storage);
        error.Message.ShouldContain(error.Remedy);
        await Should.ThrowAsync<DatastoreCorruptException>(async () =>
        {
            await foreach (var _ in damaged.QueryAsync(new DatastoreQuery()))
            {
            }
        });
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        Execute("CREATE TABLE theirs (x)");
        Should.Throw<DatastoreException>(() => _folder.Open()).Message.ShouldContain("some other program");
        Execute("INSERT INTO theirs VALUES (1)");
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused()
    {
        await _folder.Open().DisposeAsync();
        Execute("PRAGMA user_version = 2");
        Should.Throw<DatastoreException>(() => _folder.Open()).Message.ShouldContain("newer version");
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named()
    {
        File.WriteAllText(Path.Combine(_folder.Folder, "file"), "");
        var path = Path.Combine(_folder.Folder, "file", "datastore.db");
        Should.Throw<DatastoreException>(() => SqliteDatastore.Open(path, new SqliteOptions(), TestKit.TestRuntime.Fake().Node, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
            .Message.ShouldContain(path);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
