using System.IO.Pipelines;
using Libp2p.Datastores.Sqlite;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Datastores.Tests.Sqlite;

/// <summary>A folder with a SQLite file, deleted with the test.</summary>
internal sealed class StoreFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("libp2p-store-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "datastore.db");

    public SqliteDatastore Open(SqliteOptions? options = null, NodeRuntime? runtime = null) =>
        SqliteDatastore.Open(Path, options ?? new SqliteOptions(), runtime ?? TestRuntime.Fake().Node, NullLogger.Instance);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A scheduler whose work waits until the test runs it.</summary>
internal sealed class HeldScheduler : PipeScheduler
{
    private readonly Queue<(Action<object?>, object?)> _waiting = new();

    public override void Schedule(Action<object?> action, object? state)
    {
        lock (_waiting) _waiting.Enqueue((action, state));
    }

    /// <summary>Runs what waits, and what that makes wait, here.</summary>
    public void Run()
    {
        while (true)
        {
            (Action<object?> Action, object? State) next;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out next)) return;
            }

            next.Action(next.State);
        }
    }
}
