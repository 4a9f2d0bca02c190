using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <content>The simulation that the caller is in.</content>
public sealed partial class Simulation
{
    [ThreadStatic]
    private static Simulation? _current;

    private readonly HostRandom _delays;
    private int _numbers;

    /// <summary>The simulation that runs on this thread; null outside of one. With it the instruments of the test kit (waits, runtimes, byte pairs) go by virtual time and its scheduler.</summary>
    public static Simulation? Current => _current;

    /// <summary>Where what the test kit wakes goes on.</summary>
    internal static PipeScheduler CurrentScheduler => _current?.Scheduler ?? PipeScheduler.ThreadPool;

    /// <summary>Another number for each who asks.</summary>
    internal int NextNumber() => ++_numbers;

    /// <summary>Completes a wait of the test kit's instruments: at once, or as the seed chooses up to 2 ms later, so that what came in one order is seen in others.</summary>
    internal static void Wake(ScheduledCompletion<bool>? waiting)
    {
        if (waiting is null) return;
        if (_current is not { } simulation || simulation._delays.Next(4) > 0)
        {
            waiting.TrySetResult(true);
            return;
        }

        simulation.Loop.Set(new LateWake(simulation._test, waiting), simulation.Now.Ticks + simulation._delays.Next(20_000));
    }

    private sealed class LateWake(Life test, ScheduledCompletion<bool> waiting) : LoopEntry(test)
    {
        public override void Run() => waiting.TrySetResult(true);
    }

    /// <summary>Randomness told apart from all other by a name.</summary>
    internal RandomSource NewRandom(string name) => new HostRandom(Loop, Seed, name);
}
