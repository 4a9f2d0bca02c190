using System.Buffers;
using System.Security.Cryptography;
using Libp2p.Datastores.Memory;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Peers;

/// <summary>A clock, peerstores that go by it, and what goes into them.</summary>
internal sealed class PeerWorld
{
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public NodeRuntime Runtime => field ??= new NodeRuntime { Time = Clock, Network = TestRuntime.Fake().Node.Network };

    public Peerstore New(PeerstoreOptions? options = null) => new(Runtime, options ?? new PeerstoreOptions());

    public async Task<Peerstore> NewOnAsync(IDatastore store, PeerstoreOptions? options = null, ILogger? logger = null)
    {
        var peers = New(options);
        await peers.AttachAsync(store, logger ?? NullLogger.Instance).Within();
        return peers;
    }

    /// <summary>Peer number n of very many: an id without a key.</summary>
    public static PeerId Numbered(int n)
    {
        Span<byte> multihash = stackalloc byte[34];
        multihash[0] = 0x12;
        multihash[1] = 32;
        SHA256.HashData(BitConverter.GetBytes(n), multihash[2..]);
        return PeerId.FromBytes(multihash);
    }

    public static Multiaddr Tcp(int port) => Multiaddr.Parse($"/ip4/1.2.3.4/tcp/{port}");
}

/// <summary>A store in memory that outlasts the peerstores on it, counts, and fails when it is told to.</summary>
internal sealed class LastingStore(NodeRuntime runtime) : IDatastore, IDisposable
{
    private readonly MemoryDatastore _store = new(runtime, Options.Create(new MemoryOptions()));

    public void Dispose() => _store.Dispose();

    public DatastoreException? Failure { get; set; }

    /// <summary>Values written, and deleted.</summary>
    public int Writes { get; private set; }

    public int Syncs { get; private set; }

    public DatastoreFeatures Features => _store.Features | DatastoreFeatures.Persistent;

    public int MaxValueLength => _store.MaxValueLength;

    public ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) => _store.PutAsync(key, value, timeToLive, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default) => _store.GetAsync(key, cancellationToken);

    public ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) => _store.TryReadAsync(key, destination, cancellationToken);

    public ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default) => _store.HasAsync(key, cancellationToken);

    public ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default) => _store.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, CancellationToken cancellationToken = default) =>
        Failure is { } failure ? throw failure : _store.QueryAsync(query, cancellationToken);

    public ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default)
    {
        if (Failure is { } failure) return ValueTask.FromException(failure);
        Writes += batch.Count;
        return _store.WriteAsync(batch, cancellationToken);
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken = default)
    {
        Syncs++;
        return Failure is { } failure ? ValueTask.FromException(failure) : default;
    }
}

/// <summary>Remembers what was logged.</summary>
internal sealed class LogLines : ILogger
{
    public List<(LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines) Lines.Add((logLevel, formatter(state, exception)));
    }

    public int Count(string text)
    {
        lock (Lines) return Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));
    }
}
