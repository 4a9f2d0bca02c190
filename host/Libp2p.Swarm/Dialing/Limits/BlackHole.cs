namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>
/// Judges one kind of address by the outcomes of the newest dials. Too few outcomes yet: tried. Enough of them successes: tried. Else one in a window's length is, as a probe; a
/// probe that reaches somebody begins a new count. Not thread-safe.
/// </summary>
internal sealed class BlackHole(string kind, DialOptions options)
{
    private readonly Queue<bool> _outcomes = new();
    private int _successes;
    private int _refused;

    /// <summary>Why an address of this kind is left alone now; null: it is not.</summary>
    public string? Refuse()
    {
        if (_outcomes.Count < options.BlackHoleWindow || _successes >= options.BlackHoleMinSuccesses) return null;
        if (++_refused < options.BlackHoleWindow)
        {
            return $"{kind} leads nowhere from here: of the last {options.BlackHoleWindow} dials {_successes} reached somebody ({DialOptions.Name(nameof(DialOptions.BlackHoleMinSuccesses))}); one in {options.BlackHoleWindow} is tried.";
        }

        _refused = 0;
        return null;
    }

    public void Record(bool reached)
    {
        var isBlocked = _outcomes.Count >= options.BlackHoleWindow && _successes < options.BlackHoleMinSuccesses;
        if (reached && isBlocked) Clear();
        _outcomes.Enqueue(reached);
        if (reached) _successes++;
        if (_outcomes.Count > options.BlackHoleWindow && _outcomes.Dequeue()) _successes--;
    }

    /// <summary>Begins a new count.</summary>
    public void Clear()
    {
        _outcomes.Clear();
        _successes = 0;
        _refused = 0;
    }
}
