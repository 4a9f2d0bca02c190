namespace Libp2p.Transports.Memory;

/// <summary>
/// The address space of memory transports: which number belongs to which listener. Nodes reach each other that share one; two hubs are two worlds, in which the same number
/// is two addresses. Thread-safe. Holds listeners until they are unbound.
/// </summary>
public sealed class MemoryHub
{
    // Short enough to read; what is taken is drawn again.
    private const int Numbers = int.MaxValue;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, MemoryListener> _listeners = []; // guarded by _gate

    /// <summary>The hub of this process, for whoever names no other. A plugin loaded from a folder has one of its own: see the README.</summary>
    public static MemoryHub Shared { get; } = new();

    /// <summary>A number for the dialing end of a connection: one that nobody listens on. Nothing is reserved.</summary>
    internal ulong Free(RandomSource random)
    {
        lock (_gate)
        {
            return FreeCore(random);
        }
    }

    /// <summary>Gives a number to a listener; for 0 a free one is drawn. False where it is taken.</summary>
    internal bool TryBind(ulong number, RandomSource random, MemoryListener listener, out ulong bound)
    {
        lock (_gate)
        {
            bound = number == 0 ? FreeCore(random) : number;
            return _listeners.TryAdd(bound, listener);
        }
    }

    internal void Unbind(ulong number, MemoryListener listener)
    {
        lock (_gate)
        {
            if (_listeners.GetValueOrDefault(number) == listener)
            {
                _listeners.Remove(number);
            }
        }
    }

    internal MemoryListener? Find(ulong number)
    {
        lock (_gate)
        {
            return _listeners.GetValueOrDefault(number);
        }
    }

    private ulong FreeCore(RandomSource random)
    {
        while (true)
        {
            var number = (ulong)random.Next(Numbers) + 1;
            if (!_listeners.ContainsKey(number))
            {
                return number;
            }
        }
    }
}
