using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Libp2p.TestKit;

/// <summary>
/// The one thread of a simulation: runs what is ready, in an order that the seed chooses, then moves the clock to what comes next. Everything else of a simulation is used on this
/// thread alone; who comes from another fails it.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The event makes no wait handle; threads that come late still set it.")]
internal sealed class EventLoop(SimulationOptions options, RandomSource order, SimulationTrace trace)
{
    private readonly EntryHeap _later = new();
    private readonly List<Hop> _ready = [];
    private readonly ManualResetEventSlim _failed = new();
    private readonly long _limit = options.MaxVirtualTime.Ticks;
    private int _next; // the first of _ready, where they are run in order
    private Task _main = Task.CompletedTask;
    private long _sequence;
    private int _thread;
    private volatile bool _over;
    private volatile Exception? _failure;

    /// <summary>Virtual time since the start, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public long Events { get; private set; }

    public int Pending => _later.Count;

    /// <summary>On whose behalf the loop runs what it runs; null: the network's.</summary>
    public Life? Running { get; private set; }

    /// <summary>Runs until the task of the body ends; on this thread.</summary>
    /// <exception cref="SimulationException">It would never end, or something left the simulation.</exception>
    public void Run(Func<Task> body, CancellationToken cancellationToken)
    {
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            _main = body();
            while (!_main.IsCompleted)
            {
                Step(cancellationToken);
            }

            ThrowIfFailed();
            _main.GetAwaiter().GetResult();
        }
        finally
        {
            _over = true;
        }
    }

    /// <summary>Runs an action as soon as its turn comes, at this virtual time.</summary>
    public void Post(Life? owner, Action<object?> action, object? state)
    {
        if (IsHere()) _ready.Add(new Hop(owner, action, state));
    }

    /// <summary>Sets an entry, or sets it anew.</summary>
    public void Set(LoopEntry entry, long due)
    {
        if (!IsHere()) return;
        Clear(entry);
        entry.Due = due;
        if (due <= Now)
        {
            entry.Place = LoopEntry.IsReady;
            _ready.Add(Hop.Of(entry));
            return;
        }

        entry.Sequence = _sequence++;
        _later.Add(entry);
    }

    public void Clear(LoopEntry entry)
    {
        if (!IsHere()) return;
        if (entry.Place >= 0) _later.Remove(entry);
        entry.Place = LoopEntry.Idle;
    }

    /// <summary>True on the simulation's thread while it runs; false once it is over, when nothing happens any more.</summary>
    /// <exception cref="SimulationException">Another thread: the simulation fails.</exception>
    public bool IsHere()
    {
        if (_over) return false;
        if (Environment.CurrentManagedThreadId == _thread) return true;
        var escape = Escape.Here();
        Fail(escape);
        throw escape;
    }

    /// <summary>Ends the simulation with a failure, the first one counts.</summary>
    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _failed.Set();
    }

    private void Step(CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        if (_next == _ready.Count) MoveOn(cancellationToken);
        if (++Events > options.MaxEvents) throw Stuck($"more than {options.MaxEvents} events ({nameof(SimulationOptions)}.{nameof(SimulationOptions.MaxEvents)})");
        if ((Events & 0xFF) == 0) cancellationToken.ThrowIfCancellationRequested();

        var hop = Take();
        if (hop.Owner is { IsAlive: false }) return;
        Running = hop.Owner;
        try
        {
            hop.Action(hop.State);
        }
        catch (Exception cause)
        {
            throw _failure ?? new SimulationException($"an exception that nobody caught, on {hop.Owner?.Name ?? "the network"}: {cause.Message}", cause);
        }
    }

    private Hop Take()
    {
        Hop hop;
        if (options.Order == SimulationOrder.Fifo)
        {
            hop = _ready[_next++];
            if (_next < _ready.Count) return hop;
            _ready.Clear();
            _next = 0;
            return hop;
        }

        var chosen = _ready.Count == 1 ? 0 : order.Next(_ready.Count);
        hop = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        return hop;
    }

    /// <summary>Nothing is ready: the clock moves to what comes next.</summary>
    private void MoveOn(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_later.Count > 0 && _later.First.Owner is { IsAlive: false }) _later.Remove(_later.First);
        if (_later.Count == 0) throw Stuck("nothing left to happen: the test waits for what never comes");
        var due = _later.First.Due;
        if (due > _limit) throw Stuck($"more than {options.MaxVirtualTime} of virtual time ({nameof(SimulationOptions)}.{nameof(SimulationOptions.MaxVirtualTime)})");
        Debug.Assert(due >= Now);
        Now = due;
        trace.Now = new TimeSpan(due);
        while (_later.Count > 0 && _later.First.Due == due)
        {
            var entry = _later.First;
            _later.Remove(entry);
            entry.Place = LoopEntry.IsReady;
            _ready.Add(Hop.Of(entry));
        }
    }

    private Exception Stuck(string why)
    {
        // A continuation that left comes back when the real thread pool gets to it: that would be the better explanation.
        _main.ContinueWith(static (_, failed) => ((ManualResetEventSlim)failed!).Set(), _failed, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _failed.Wait(options.EscapeGrace);
        return _failure ?? (_main.IsCompleted ? Escape.OfBody() : new SimulationException(why));
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw failure;
    }

    private readonly record struct Hop(Life? Owner, Action<object?> Action, object? State)
    {
        public static Hop Of(LoopEntry entry) => new(entry.Owner, static state =>
        {
            // Set anew, or cleared, since it became ready.
            var entry = (LoopEntry)state!;
            if (entry.Place != LoopEntry.IsReady) return;
            entry.Place = LoopEntry.Idle;
            entry.Run();
        }, entry);
    }
}
