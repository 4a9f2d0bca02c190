using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm.Peers;

/// <summary>
/// Between the peerstore and a datastore: takes in what is there, and writes what changes, behind everybody's back. A peer that changes often is written once. What waits is bounded by the peers there can
/// be; beyond that everything is written anew. Thread-safe.
/// </summary>
internal sealed class PeerPersistence
{
    /// <summary>Where peers are in the node's datastore, each under its id.</summary>
    public static readonly DatastoreKey Place = "/libp2p/peers";

    private const int BatchLength = 256;

    private readonly IDatastore _peers;
    private readonly Peerstore _known;
    private readonly NodeRuntime _runtime;
    private readonly PeerstoreOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly ScheduledSemaphore _turn;
    private readonly Lock _gate = new();
    private HashSet<PeerId> _dirty = []; // guarded by _gate
    private bool _everything; // guarded by _gate: more changed than can be told one by one
    private bool _timed; // guarded by _gate: the timer runs
    private bool _closed; // guarded by _gate
    private bool _failed; // of whoever has the turn

    public PeerPersistence(IDatastore store, Peerstore known, NodeRuntime runtime, PeerstoreOptions options, ILogger logger)
    {
        Store = store;
        _peers = store.Below(Place);
        _known = known;
        _runtime = runtime;
        _options = options;
        _logger = logger;
        _turn = new ScheduledSemaphore(1, runtime.Scheduler);
        _timer = runtime.Time.CreateTimer(static self => ((PeerPersistence)self!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IDatastore Store { get; }

    /// <summary>Something of a peer is no longer what the datastore has.</summary>
    public void Changed(PeerId peer)
    {
        lock (_gate)
        {
            if (_closed) return;
            if (!_everything && _dirty.Add(peer) && _dirty.Count > 2L * _options.MaxPeers)
            {
                _everything = true;
                _dirty.Clear();
            }

            SetTimer(_options.WriteDelay);
        }
    }

    /// <summary>Takes in what the datastore has; nothing is written meanwhile.</summary>
    /// <param name="ready">Called when changes may be told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask LoadAsync(Action ready, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ready();
            foreach (var peer in _known.Entries) Changed(peer);
            var started = _runtime.Time.GetTimestamp();
            var (count, unusable) = (0, new DatastoreBatch());
            await foreach (var entry in _peers.QueryAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending }, cancellationToken).ConfigureAwait(false))
            {
                if (PeerId.TryParse(entry.Key.Name, out var peer) && _known.Restore(peer, entry.Value.Span)) count++;
                else if (unusable.Count < BatchLength) unusable.Delete(entry.Key);
            }

            if (unusable.Count > 0) await _peers.WriteAsync(unusable, cancellationToken).ConfigureAwait(false);
            _logger.PeersRead(count, unusable.Count, _runtime.Time.GetElapsedTime(started));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes what waits, and completes once it is on the medium.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await WriteAsync().ConfigureAwait(false);
            await _peers.SyncAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes what waits, and nothing more.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DatastoreException e)
        {
            _logger.PeersNotWritten(e.Problem, e.Remedy);
        }

        Abandon();
    }

    /// <summary>Writes nothing more.</summary>
    public void Abandon()
    {
        lock (_gate) _closed = true;
        _timer.Dispose();
    }

    private void SetTimer(TimeSpan delay)
    {
        if (_timed || _closed) return;
        _timed = true;
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    // Off the clock's thread.
    private void Due() => _runtime.Scheduler.Schedule(static self => _ = ((PeerPersistence)self!).WriteBehindAsync(), this);

    private async Task WriteBehindAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (_gate) _timed = false;
            await WriteAsync().ConfigureAwait(false);
            if (_failed) _logger.PeersWrittenAgain();
            _failed = false;
        }
        catch (Exception e)
        {
            // Said once, not with each attempt.
            if (!_failed) _logger.PeersNotWritten((e as DatastoreException)?.Problem ?? e.Message, (e as DatastoreException)?.Remedy ?? "");
            _failed = true;
            lock (_gate) SetTimer(_options.RetryDelay);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask WriteAsync()
    {
        HashSet<PeerId> dirty;
        bool everything;
        lock (_gate)
        {
            (dirty, _dirty) = (_dirty, []);
            (everything, _everything) = (_everything, false);
        }

        try
        {
            if (everything) await AddEverythingAsync(dirty).ConfigureAwait(false);
            var batch = new DatastoreBatch();
            foreach (var some in dirty.Chunk(BatchLength))
            {
                batch.Clear();
                foreach (var peer in some)
                {
                    var key = DatastoreKey.Root.Child(peer.ToString());
                    if (_known.ToStored(peer) is { } stored) batch.Put(key, stored);
                    else batch.Delete(key);
                }

                await _peers.WriteAsync(batch).ConfigureAwait(false);
            }
        }
        catch
        {
            lock (_gate)
            {
                _dirty.UnionWith(dirty);
                _everything |= everything;
            }

            throw;
        }
    }

    /// <summary>All that are known, and all that the datastore has: it may have some that are not known any more.</summary>
    private async ValueTask AddEverythingAsync(HashSet<PeerId> dirty)
    {
        dirty.UnionWith(_known.Entries);
        await foreach (var entry in _peers.QueryAsync(new DatastoreQuery { KeysOnly = true }).ConfigureAwait(false))
        {
            if (PeerId.TryParse(entry.Key.Name, out var peer)) dirty.Add(peer);
        }
    }
}
