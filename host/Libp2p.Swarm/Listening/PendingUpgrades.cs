namespace Libp2p.Swarm.Listening;

/// <summary>
/// The incoming connections of one listener that are being upgraded: so many at a time. Where there is no place, the oldest of which nothing has arrived yet gives up its own; where all have said
/// something, the newcomer is refused. Thread-safe.
/// </summary>
internal sealed class PendingUpgrades(int most, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingUpgrade> _pending = []; // guarded by _gate: the oldest first

    /// <summary>A place, or null; <see cref="Leave"/> gives it back.</summary>
    /// <param name="denial">Why not; or, with a place, what whoever had to go for it is told.</param>
    public PendingUpgrade? Enter(ResourceDenial denial)
    {
        PendingUpgrade? displaced = null;
        PendingUpgrade entered;
        lock (_gate)
        {
            if (_pending.Count >= most)
            {
                displaced = _pending.FirstOrDefault(static upgrade => upgrade.IsSilent);
                if (displaced is null) return null;
                displaced.Displaced = denial;
                _pending.Remove(displaced.Place);
            }

            entered = new PendingUpgrade(stopping);
            _pending.AddLast(entered.Place);
        }

        displaced?.GiveUp();
        return entered;
    }

    public void Leave(PendingUpgrade upgrade)
    {
        lock (_gate)
        {
            if (upgrade.Place.List is not null) _pending.Remove(upgrade.Place);
        }

        upgrade.Dispose();
    }
}

/// <summary>One of them. <see cref="GiveUp"/> from any thread.</summary>
internal sealed class PendingUpgrade : IDisposable
{
    private readonly CancellationTokenSource _giveUp;
    private IByteConnection? _wire;

    public PendingUpgrade(CancellationToken stopping)
    {
        _giveUp = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        GivenUp = _giveUp.Token;
        Place = new LinkedListNode<PendingUpgrade>(this);
    }

    public LinkedListNode<PendingUpgrade> Place { get; }

    /// <summary>Cancelled when the upgrade must end.</summary>
    public CancellationToken GivenUp { get; }

    /// <summary>Set when it had to make room for a newcomer: the limit.</summary>
    public ResourceDenial? Displaced { get; set; }

    /// <summary>What is upgraded, once it is there.</summary>
    public IByteConnection Wire
    {
        set => Volatile.Write(ref _wire, value);
    }

    /// <summary>Whether nothing has arrived yet, as far as the transport counts.</summary>
    public bool IsSilent => Volatile.Read(ref _wire) is { } wire && wire.GetFeature(typeof(IByteCounts)) is IByteCounts { Received: 0 };

    public void GiveUp()
    {
        try
        {
            _giveUp.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    public void Dispose() => _giveUp.Dispose();
}
