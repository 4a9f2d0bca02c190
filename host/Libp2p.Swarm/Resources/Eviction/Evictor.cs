using Libp2p.Swarm.Connections;

namespace Libp2p.Swarm.Resources.Eviction;

/// <summary>
/// Closes connections for want of resources, one after another, the least valuable first (<see cref="EvictionOrder"/>), until the pressure is below <see cref="ResourcePressure.Evict"/>; and
/// those that nobody uses while there are more than <see cref="ResourceOptions.LowWater"/>. Protected peers are left alone. A connection is not looked at before its negotiation has ended.
/// Thread-safe.
/// </summary>
internal sealed class Evictor(SwarmContext context) : IDisposable
{
    // Looking for victims costs a pass over all connections: so many are found with one.
    private const int Batch = 16;

    private readonly Lock _gate = new();
    private readonly TimeSpan _period = TimeSpan.FromTicks(Math.Clamp(context.Options.Resources.IdleTimeout.Ticks / 4, TimeSpan.TicksPerMillisecond * 250, TimeSpan.TicksPerSecond * 10));
    private ITimer? _sweeps; // guarded by _gate
    private bool _disposed; // guarded by _gate
    private int _wanted;
    private int _running;
    private long _evicted;
    private long _idleClosed;

    private ResourceGovernor Governor => context.Governor;

    /// <summary>Connections closed because others were worth more.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Connections closed because nobody used them.</summary>
    public long IdleClosed => Volatile.Read(ref _idleClosed);

    /// <summary>A budget is nearly used up; returns at once.</summary>
    public void Wake()
    {
        Volatile.Write(ref _wanted, 1);
        if (Interlocked.Exchange(ref _running, 1) == 0) context.Runtime.Scheduler.Schedule(static state => _ = ((Evictor)state!).RunAsync(), this);
    }

    /// <summary>There is a connection: from now on idle ones are looked for.</summary>
    public void Opened()
    {
        lock (_gate)
        {
            if (!_disposed) _sweeps ??= context.Runtime.Time.CreateTimer(static state => ((Evictor)state!).Sweep(), this, _period, _period);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _sweeps?.Dispose();
        }
    }

    /// <summary>Looks for connections that nobody uses, and whether pressure has passed.</summary>
    public void Sweep()
    {
        Governor.Falling();
        var timeout = context.Options.Resources.IdleTimeout;
        if (timeout == Timeout.InfiniteTimeSpan) return;
        var connections = Array.FindAll(context.Connections.Snapshot(), static connection => connection.IsUsable);
        var now = context.Runtime.Time.GetTimestamp();
        var surplus = connections.Length - context.Options.Resources.EffectiveLowWater;
        var idle = connections.Where(connection => connection.IdleFor(now) >= timeout).ToList();
        if (surplus <= 0 || idle.Count == 0) return;
        foreach (var connection in idle.Where(connection => !Governor.Tags.IsProtected(connection.RemotePeer, null)).OrderBy(connection => EvictionOrder.Of(connection, Governor.Tags)).Take(surplus))
        {
            Interlocked.Increment(ref _idleClosed);
            context.Logger.IdleClosed(connection.Id, connection.RemotePeer, timeout);
            connection.Abort(ConnectionErrorCode.None);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (Interlocked.Exchange(ref _wanted, 0) != 0) await RelieveAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
            if (Volatile.Read(ref _wanted) != 0) Wake();
        }
    }

    private async Task RelieveAsync()
    {
        while (Governor.Pressure == ResourcePressure.Evict)
        {
            var closed = 0;
            foreach (var victim in Victims())
            {
                if (Governor.Pressure != ResourcePressure.Evict || context.Stopping.IsCancellationRequested) return;
                if (!victim.IsUsable || Governor.Tags.IsProtected(victim.RemotePeer, null)) continue;
                closed++;
                Interlocked.Increment(ref _evicted);
                context.Logger.Evicted(victim.Id, victim.RemotePeer, Governor.Tags.ValueOf(victim.RemotePeer));
                context.Events.Publish(new ConnectionEvicted(victim));
                victim.Abort(ConnectionErrorCode.ResourceLimitExceeded);
                await victim.Released.ConfigureAwait(false);
            }

            if (closed == 0) return;
        }
    }

    /// <summary>The least valuable, the least first.</summary>
    private IEnumerable<SwarmConnection> Victims()
    {
        var worst = new PriorityQueue<SwarmConnection, EvictionOrder>(Comparer<EvictionOrder>.Create(static (a, b) => b.CompareTo(a)));
        foreach (var connection in context.Connections.Snapshot())
        {
            if (!connection.IsUsable || Governor.Tags.IsProtected(connection.RemotePeer, null)) continue;
            var order = EvictionOrder.Of(connection, Governor.Tags);
            if (worst.Count < Batch) worst.Enqueue(connection, order);
            else worst.EnqueueDequeue(connection, order);
        }

        var victims = new List<SwarmConnection>(worst.Count);
        while (worst.TryDequeue(out var victim, out _)) victims.Add(victim);
        victims.Reverse();
        return victims;
    }
}
