using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Swarm.Resources;

/// <summary>
/// A node of the tree node → connection → stream: what is reserved here is reserved in every scope above. Interlocked counters, no lock. Thread-safe.
/// </summary>
internal class ResourceScope(string name, ResourceScope? parent, long limit, string option) : IResourceScope
{
    private readonly string _name = name;
    private readonly ResourceScope? _parent = parent;
    private readonly long _limit = limit;
    private readonly string _option = option;
    private long _reserved;
    private int _disposed;

    /// <inheritdoc/>
    public long Reserved => Volatile.Read(ref _reserved);

    /// <inheritdoc/>
    public bool TryReserve(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (!TryReserveUpwards(bytes, priority, out why)) return false;

        for (var scope = this; scope is not null; scope = scope._parent)
        {
            if (Volatile.Read(ref scope._disposed) == 0) continue;

            // Disposed before or meanwhile: what was added behind its back goes back.
            Release(bytes);
            scope.ReturnAll();
            why = new ResourceDenial($"{scope._name} (closed)", bytes, 0, 0, scope._option);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Release(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        for (var scope = this; scope is not null && bytes > 0; scope = scope._parent)
        {
            bytes = scope.Subtract(bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        ReturnAll();
        OnDisposed();
    }

    /// <summary>Called once, after the bytes were returned.</summary>
    protected virtual void OnDisposed()
    {
    }

    private bool TryReserveUpwards(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        if (_parent is not null && !_parent.TryReserveUpwards(bytes, priority, out why)) return false;
        if (TryAdd(bytes, priority, out why)) return true;
        _parent?.Release(bytes);
        return false;
    }

    private void ReturnAll() => Release(Interlocked.Read(ref _reserved));

    private bool TryAdd(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        // Pressure: optional work is refused first, what a protocol cannot do without last.
        var ceiling = priority switch
        {
            ReservationPriority.Low => _limit / 10 * 6,
            ReservationPriority.Medium => _limit / 10 * 8,
            _ => _limit,
        };
        long held;
        do
        {
            held = Volatile.Read(ref _reserved);
            if (bytes > ceiling - held)
            {
                why = SwarmMetrics.Deny(new ResourceDenial(_name, bytes, held, ceiling, _option));
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _reserved, held + bytes, held) != held);

        why = null;
        return true;
    }

    /// <summary>Takes away at most what is held: after disposal everything has gone already. Returns how much it was.</summary>
    private long Subtract(long bytes)
    {
        long held;
        long taken;
        do
        {
            held = Volatile.Read(ref _reserved);
            taken = Math.Min(bytes, held);
        }
        while (taken > 0 && Interlocked.CompareExchange(ref _reserved, held - taken, held) != held);

        return taken;
    }
}
