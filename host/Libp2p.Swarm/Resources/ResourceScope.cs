using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Swarm.Resources;

/// <summary>
/// A node of the tree node → transient or peer → connection → stream: what is held here is held in every scope above. Thread-safe, without a lock: bytes, streams and the state of
/// a scope are one 64-bit word, so that a reservation is one compare-exchange a scope, and either all of it is held or nothing.
/// </summary>
/// <remarks>
/// A scope is charged after those above it and gives back before them: whatever races with its end, nobody above ever returns what it does not hold. Of a connection that learns who its
/// peer is the word also says which parent is charged, so that the move is one compare-exchange, too.
/// </remarks>
internal class ResourceScope : IResourceScope
{
    /// <summary>The most bytes that a scope can hold.</summary>
    public const long MaxBytes = (1L << CountShift) - 1;

    /// <summary>The most streams that a scope can hold.</summary>
    public const int MaxStreams = (1 << 22) - 1;

    private const int CountShift = 40;
    private const long Charge = (1L << 62) - 1; // streams above, bytes below
    private const long Settled = 1L << 62; // charged to the second parent
    private const long Closed = long.MinValue;

    private readonly string _name;
    private readonly ResourceScope? _parent;
    private readonly ResourceScope? _beside;
    private readonly ScopeLimits _limits;
    private ResourceScope? _settled; // set once, before the bit
    private long _word;

    /// <param name="name">What refusals call it.</param>
    /// <param name="parent">What encloses it; null: nothing.</param>
    /// <param name="limits">What it may hold.</param>
    /// <param name="beside">A second scope that holds the same, itself enclosed by nothing; null: none.</param>
    public ResourceScope(string name, ResourceScope? parent, ScopeLimits limits, ResourceScope? beside = null)
    {
        _name = name;
        _parent = parent;
        _limits = limits;
        _beside = beside;
    }

    /// <inheritdoc/>
    public long Reserved => Volatile.Read(ref _word) & MaxBytes;

    /// <summary>Streams admitted now.</summary>
    public int Streams => CountOf(Volatile.Read(ref _word));

    /// <summary>Who made it.</summary>
    protected ResourceGovernor Governor => _limits.Governor;

    /// <summary>What it is called.</summary>
    public string Name => _name;

    /// <inheritdoc/>
    public ResourcePressure Pressure => _limits.Governor.Pressure;

    /// <inheritdoc/>
    public bool TryReserve(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes > MaxBytes)
        {
            why = _limits.Refuse(_name, bytes, Reserved, _limits.Bytes, priority);
            return false;
        }

        return TryHold(bytes, priority, null, out why);
    }

    /// <inheritdoc/>
    public void Release(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Return(Math.Min(bytes, MaxBytes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var word = Volatile.Read(ref _word);
        while (word >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _word, Closed | (word & Settled), word);
            if (seen == word)
            {
                var held = word & Charge;
                _beside?.Return(held);
                ParentOf(word)?.Return(held);
                OnDisposed();
                return;
            }

            word = seen;
        }
    }

    /// <summary>Admits streams with their price, here and above, or nowhere.</summary>
    protected bool TryHoldStream(ConnectionDirection direction, [NotNullWhen(false)] out ResourceDenial? why) =>
        TryHold((1L << CountShift) | ResourceGovernor.StreamPrice, ReservationPriority.Medium, direction, out why);

    /// <summary>Gives back streams with their price.</summary>
    protected void ReturnStreamsHeld(int count) => Return(((long)count << CountShift) | ((long)count * ResourceGovernor.StreamPrice));

    /// <summary>From now on a second parent holds what this scope holds, and the first no longer does; both have the same parent.</summary>
    protected bool TrySettle(ResourceScope parent, ConnectionDirection direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        _settled = parent;
        while (true)
        {
            var word = Volatile.Read(ref _word);
            if (word < 0)
            {
                why = Ended(0);
                return false;
            }

            var held = word & Charge;
            if (!parent.TryAdd(held, ReservationPriority.Medium, direction, out why)) return false;
            if (Interlocked.CompareExchange(ref _word, word | Settled, word) == word)
            {
                _parent!.Subtract(held, out _);
                return true;
            }

            parent.Subtract(held, out _);
        }
    }

    /// <summary>Called once, after everything was returned.</summary>
    protected virtual void OnDisposed()
    {
    }

    private bool TryHold(long charge, ReservationPriority priority, ConnectionDirection? direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        if (_beside is not null && !_beside.TryAdd(charge, priority, direction, out why)) return false;
        if (TryHoldUpwards(charge, priority, direction, out why)) return true;
        _beside?.Subtract(charge, out _);
        return false;
    }

    private bool TryHoldUpwards(long charge, ReservationPriority priority, ConnectionDirection? direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        while (true)
        {
            var word = Volatile.Read(ref _word);
            why = Refusal(word, charge, priority, direction);
            if (why is not null) return false;
            var parent = ParentOf(word);
            if (parent is not null && !parent.TryHoldUpwards(charge, priority, direction, out why)) return false;
            if (TryAddWhile(word & Settled, charge, priority, direction, out why)) return true;
            parent?.Return(charge);

            // Without a reason, the parent that was charged is no longer the one: once more.
            if (why is not null) return false;
        }
    }

    /// <summary>Adds to this scope alone.</summary>
    private bool TryAdd(long charge, ReservationPriority priority, ConnectionDirection? direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        while (!TryAddWhile(Volatile.Read(ref _word) & Settled, charge, priority, direction, out why))
        {
            if (why is not null) return false;
        }

        why = null!;
        return true;
    }

    /// <summary>Adds to this scope alone, as long as it is settled or is not; without a reason where that changed.</summary>
    private bool TryAddWhile(long settled, long charge, ReservationPriority priority, ConnectionDirection? direction, out ResourceDenial? why)
    {
        while (true)
        {
            var word = Volatile.Read(ref _word);
            why = Refusal(word, charge, priority, direction);
            if (why is not null || (word & Settled) != settled) return false;
            if (Interlocked.CompareExchange(ref _word, word + charge, word) != word) continue;
            if ((word & MaxBytes) + (charge & MaxBytes) >= _limits.Alarm) _limits.Governor.Rising();
            return true;
        }
    }

    private void Return(long charge)
    {
        for (var scope = this; scope is not null && charge > 0;)
        {
            charge = scope.Subtract(charge, out var parent);
            scope._beside?.Subtract(charge, out _);
            scope = parent;
        }
    }

    /// <summary>Takes away at most what is held: after the end everything has gone already. Returns how much it was.</summary>
    private long Subtract(long charge, out ResourceScope? parent)
    {
        while (true)
        {
            var word = Volatile.Read(ref _word);
            var taken = Math.Min(charge & MaxBytes, word & MaxBytes) | ((long)Math.Min(CountOf(charge), CountOf(word)) << CountShift);
            parent = ParentOf(word);
            if (taken == 0 || Interlocked.CompareExchange(ref _word, word - taken, word) == word) return taken;
        }
    }

    /// <summary>Why a scope with that word cannot take a charge; null: it can.</summary>
    private ResourceDenial? Refusal(long word, long charge, ReservationPriority priority, ConnectionDirection? direction)
    {
        if (word < 0) return Ended(charge);
        if (CountOf(charge) > _limits.Streams - CountOf(word)) return _limits.RefuseStreams(_name, CountOf(charge), CountOf(word), direction);
        var ceiling = _limits.Ceiling(priority);
        return (charge & MaxBytes) <= ceiling - (word & MaxBytes) ? null : _limits.Refuse(_name, charge & MaxBytes, word & MaxBytes, ceiling, priority, direction);
    }

    private ResourceDenial Ended(long charge) => new($"{_name} (closed)", charge & MaxBytes, 0, 0, _limits.BytesOption);

    private ResourceScope? ParentOf(long word) => (word & Settled) != 0 ? _settled : _parent;

    private static int CountOf(long word) => (int)((word & Charge) >> CountShift);
}
