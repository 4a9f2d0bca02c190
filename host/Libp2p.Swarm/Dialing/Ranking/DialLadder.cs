namespace Libp2p.Swarm.Dialing.Ranking;

/// <summary>
/// When the addresses of one dial have their turn: rung by rung, each rung that has addresses one step after the one below it. Where nothing is under way the next rung has its turn at
/// once, and all above it come as much sooner. It has no clock and no lock: times count from the start of the dial, and its owner guards it.
/// </summary>
internal sealed class DialLadder(DialOptions options)
{
    private readonly int[] _known = new int[AddressRank.Count]; // addresses on each rung of each group, dialed or not
    private readonly List<AddressDial>?[] _waiting = new List<AddressDial>?[AddressRank.Count];
    private int _waitingCount;
    private TimeSpan _ahead;

    /// <summary>Whether nobody waits for a turn.</summary>
    public bool IsEmpty => _waitingCount == 0;

    /// <summary>The next turn; null: nobody waits for one.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            TimeSpan? next = null;
            for (var index = 0; index < AddressRank.Count; index++)
            {
                if (_waiting[index] is not { Count: > 0 }) continue;
                var due = PlaceOf(AddressRank.At(index)) - _ahead;
                if (next is null || due < next) next = due;
            }

            return next;
        }
    }

    /// <summary>One more address.</summary>
    public void Add(AddressDial dial)
    {
        var index = AddressRank.Of(dial.Address, rank => _known[rank.Index] > 0).Index;
        _known[index]++;
        (_waiting[index] ??= []).Add(dial);
        _waitingCount++;
    }

    /// <summary>Those whose turn has come, the better ones first, of equals the one that was known first.</summary>
    /// <param name="now">Since the start of the dial.</param>
    /// <param name="isIdle">Whether nothing is under way.</param>
    public List<AddressDial> TakeDue(TimeSpan now, bool isIdle)
    {
        if (NextDue is not { } next) return [];
        if (isIdle && next > now)
        {
            _ahead += next - now;
            next = now;
        }

        if (next > now) return [];
        var due = new List<AddressDial>();
        for (var index = 0; index < AddressRank.Count; index++)
        {
            if (_waiting[index] is not { Count: > 0 } waiting) continue;
            var place = PlaceOf(AddressRank.At(index));
            if (place - _ahead > now) continue;
            foreach (var dial in waiting) (dial.Place, dial.Due) = (place, now);
            due.AddRange(waiting);
            _waitingCount -= waiting.Count;
            waiting.Clear();
        }

        // Stable.
        return due.Count < 2 ? due : [.. due.OrderBy(static dial => dial.Place)];
    }

    /// <summary>When a rung would have its turn if everything below it is still under way.</summary>
    private TimeSpan PlaceOf(AddressRank rank)
    {
        var place = rank.Group == AddressGroup.Relayed && HasPublic ? options.RelayDelay : TimeSpan.Zero;
        var step = rank.Group == AddressGroup.Near ? options.PrivateDelay : options.Delay;
        for (var rung = 0; rung < rank.Rung; rung++)
        {
            if (_known[(rank with { Rung = rung }).Index] > 0) place += step;
        }

        return place;
    }

    private bool HasPublic
    {
        get
        {
            for (var rung = 0; rung < AddressRank.Rungs; rung++)
            {
                if (_known[new AddressRank(AddressGroup.Public, rung).Index] > 0) return true;
            }

            return false;
        }
    }
}
