using Microsoft.Extensions.Time.Testing;

namespace Libp2p.TestKit;

/// <summary>A <see cref="NodeRuntime"/> for tests: seeded randomness, and a clock that stands still until the test moves it, or the system's.</summary>
public sealed class TestRuntime
{
    private TestRuntime(NodeRuntime node, FakeTimeProvider? clock)
    {
        Node = node;
        _clock = clock;
    }

    private readonly FakeTimeProvider? _clock;

    /// <summary>What plugins get.</summary>
    public NodeRuntime Node { get; }

    /// <summary>The clock that the test moves.</summary>
    /// <exception cref="InvalidOperationException">The runtime runs on the system's clock.</exception>
    public FakeTimeProvider Clock => _clock ?? throw new InvalidOperationException("This runtime runs on the system's clock.");

    /// <summary>On the system's clock; in a simulation on its clock and scheduler, with randomness of its seed.</summary>
    /// <param name="seed">Of the randomness.</param>
    /// <param name="network">The sockets; null: there are none.</param>
    public static TestRuntime System(int seed = 1, INetwork? network = null) => new(Make(Simulation.Current?.Time ?? TimeProvider.System, seed, network), null);

    /// <summary>On a clock that the test moves; it starts at the beginning of the year 2000, UTC.</summary>
    /// <inheritdoc cref="System"/>
    public static TestRuntime Fake(int seed = 1, INetwork? network = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return new(Make(clock, seed, network), clock);
    }

    private static NodeRuntime Make(TimeProvider time, int seed, INetwork? network)
    {
        network ??= new NoNetwork();
        return Simulation.Current is { } simulation
            ? new NodeRuntime { Time = time, Random = simulation.NewRandom($"runtime {seed}"), Scheduler = simulation.Scheduler, Network = network }
            : new NodeRuntime { Time = time, Random = new SeededRandomSource(seed), Network = network };
    }

    /// <summary>Moves the fake clock in steps until a task is done, letting everybody else run in between.</summary>
    /// <param name="task">What must happen.</param>
    /// <param name="limit">The most that the clock may move.</param>
    /// <param name="step">How far at a time; default 250 ms.</param>
    /// <returns>How far the clock moved.</returns>
    /// <exception cref="TimeoutException">It did not happen within the limit of virtual time.</exception>
    public async Task<TimeSpan> DriveAsync(Task task, TimeSpan limit, TimeSpan? step = null)
    {
        var start = Clock.GetUtcNow();
        while (true)
        {
            // Real time, so that whoever a timer woke gets to set the next one.
            for (var i = 0; i < 20 && !task.IsCompleted; i++)
            {
                await Task.WhenAny(task, Watchdog.PauseAsync(TimeSpan.FromMilliseconds(1))).ConfigureAwait(false);
            }

            var moved = Clock.GetUtcNow() - start;
            if (task.IsCompleted) return moved;
            if (moved >= limit) throw new TimeoutException($"Not done after {moved.TotalSeconds} s of virtual time.");
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(250));
        }
    }
}
