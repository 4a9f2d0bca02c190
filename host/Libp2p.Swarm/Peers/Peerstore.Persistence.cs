using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm.Peers;

/// <content>The datastore behind it.</content>
internal sealed partial class Peerstore
{
    private readonly ScheduledSemaphore _attaching = new(1, runtime.Scheduler);
    private volatile PeerPersistence? _persistence;
    private bool _closed; // guarded by _attaching

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _persistence is { } persistence ? persistence.FlushAsync(cancellationToken) : default;

    /// <summary>Takes in what a datastore knows, and keeps there from now on what is learnt. One that fails is left alone, and said so: what is known then lasts as long as the process.</summary>
    public async ValueTask AttachAsync(IDatastore store, ILogger logger, CancellationToken cancellationToken = default)
    {
        if (!options.Persist || !store.Features.HasFlag(DatastoreFeatures.Persistent)) return;
        await _attaching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_closed || _persistence is not null) return;
            var persistence = new PeerPersistence(store, this, runtime, options, logger);
            try
            {
                await persistence.LoadAsync(() => _persistence = persistence, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                _persistence = null;
                persistence.Abandon();
                if (e is not DatastoreException cause) throw;
                logger.PeersNotRead(cause.Problem, cause.Remedy);
            }
        }
        finally
        {
            _attaching.Release();
        }
    }

    /// <summary>Writes what is not yet written, and leaves a datastore; null: whichever it is, for good.</summary>
    public async ValueTask DetachAsync(IDatastore? store = null)
    {
        await _attaching.WaitAsync().ConfigureAwait(false);
        try
        {
            _closed |= store is null;
            if (_persistence is not { } persistence || (store is not null && !ReferenceEquals(persistence.Store, store))) return;
            _persistence = null;
            await persistence.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _attaching.Release();
        }
    }

    /// <summary>What is to be kept of a peer; null: nothing.</summary>
    internal byte[]? ToStored(PeerId peer) => _entries.TryGetValue(peer, out var entry) ? entry.ToStored(Now) : null;

    /// <summary>The peers of which there is an entry.</summary>
    internal IEnumerable<PeerId> Entries => _entries.Select(static pair => pair.Key);

    /// <summary>Takes in what was kept of a peer; false: it is to be deleted.</summary>
    internal bool Restore(PeerId peer, ReadOnlySpan<byte> stored)
    {
        var now = Now;
        if (Enter(peer, now) is not { } entry) return false;
        var isRestored = entry.TryRestore(peer, stored, now);
        if (!isRestored) Retire(peer, entry, known => known.IsKnown(now));
        return isRestored;
    }

    private void Changed(PeerId peer) => _persistence?.Changed(peer);
}
