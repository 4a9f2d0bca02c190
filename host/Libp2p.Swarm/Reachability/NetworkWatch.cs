using System.Collections.Immutable;
using System.Net;

namespace Libp2p.Swarm.Reachability;

/// <summary>
/// Looks at the interfaces from time to time, by the node's own clock, so that addresses that come, go, or changed while the machine slept are noticed. One
/// timer; one look at a time.
/// </summary>
internal sealed class NetworkWatch : IDisposable
{
    private readonly SwarmContext _context;
    private readonly Action<NetworkChanged> _changed;
    private readonly Lock _gate = new();
    private ITimer? _timer; // guarded by _gate
    private bool _looking; // guarded by _gate
    private bool _disposed; // guarded by _gate
    private ImmutableArray<IPAddress> _known; // by the one who looks; default before the first look
    private DateTimeOffset _lastTime;
    private long _lastTimestamp;

    public NetworkWatch(SwarmContext context, Action<NetworkChanged> changed)
    {
        _context = context;
        _changed = changed;
    }

    public void Start()
    {
        var every = _context.Options.NetworkCheckInterval;
        if (every == Timeout.InfiniteTimeSpan) return;

        // The first look is not now: a start need not wait for it.
        Stamp();
        lock (_gate)
        {
            if (!_disposed) _timer ??= _context.Runtime.Time.CreateTimer(static self => ((NetworkWatch)self!).Look(), this, every, every);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_looking || _disposed) return;
            _looking = true;
        }

        NetworkChanged? change = null;
        try
        {
            change = Compare();
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // On a timer nobody would catch it. The interfaces are looked at again.
            _context.Logger.NetworkUnknown(cause);
        }

        bool tell;
        lock (_gate)
        {
            _looking = false;
            tell = change is not null && !_disposed;
        }

        if (tell) _changed(change!);
    }

    private NetworkChanged? Compare()
    {
        var now = _context.Runtime.Network.GetLocalAddresses();
        var isFirst = _known.IsDefault;
        var (added, removed) = isFirst ? (ImmutableArray<IPAddress>.Empty, ImmutableArray<IPAddress>.Empty) : (now.Except(_known).ToImmutableArray(), _known.Except(now).ToImmutableArray());
        _known = now;

        // The time of day goes on while a machine sleeps, the clock of its timers does not.
        var slept = _context.Runtime.Time.GetUtcNow() - _lastTime - _context.Runtime.Time.GetElapsedTime(_lastTimestamp) > _context.Options.NetworkCheckInterval * 3;
        Stamp();
        return isFirst || slept || !added.IsEmpty || !removed.IsEmpty ? new NetworkChanged(added, removed, slept) : null;
    }

    private void Stamp()
    {
        _lastTime = _context.Runtime.Time.GetUtcNow();
        _lastTimestamp = _context.Runtime.Time.GetTimestamp();
    }
}
