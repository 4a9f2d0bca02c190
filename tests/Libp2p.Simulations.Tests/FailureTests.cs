using System.Net;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>What a simulation says when it cannot go on.</summary>
public class FailureTests
{
    public static TheoryData<string> Ways => ["Yield", "Run", "Delay", "Semaphore", "Completion", "Cancel"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_continuation_that_leaves_is_named_with_its_place(string way)
    {
        var failure = await FailAsync(async simulation => await LeaveAsync(simulation.AddHost("a"), way));
        failure.Message.ShouldContain("a continuation left the simulation: ");
        failure.Message.ShouldContain($"{nameof(FailureTests)}.{nameof(LeaveAsync)}");
        failure.Message.ShouldContain($"{nameof(FailureTests)}.cs:");
    }

    [Fact]
    public async Task A_body_that_ends_elsewhere_has_left() =>
        (await FailAsync(async simulation =>
        {
            // Not over before it is awaited.
            using var awaited = new ManualResetEventSlim();
            simulation.Scheduler.Schedule(static state => ((ManualResetEventSlim)state!).Set(), awaited);
            await Task.Run(awaited.Wait);
        })).Message.ShouldContain("the end of the test's body");

    [Fact]
    public async Task Every_part_of_a_host_notices_another_thread()
    {
        var uses = new Action<SimulatedHost>[]
        {
            static host => host.Runtime.Time.GetUtcNow(),
            static host => host.Runtime.Time.GetTimestamp(),
            static host => host.Runtime.Time.CreateTimer(static _ => { }, null, TimeSpan.Zero, TimeSpan.Zero),
            static host => host.Runtime.Random.Fill(new byte[1]),
            static host => host.Runtime.Scheduler.Schedule(static _ => { }, null),
            static host => host.Runtime.Network.GetLocalAddresses(),
            static host => host.Runtime.Network.Listen(new IPEndPoint(IPAddress.Any, 0), 1),
            static host => host.Note("x"),
            static host => host.Crash(),
        };
        foreach (var use in uses)
        {
            var failure = await FailAsync(async simulation =>
            {
                var host = simulation.AddHost("a");
                var thread = new Thread(() => Should.Throw<SimulationException>(() => use(host)));
                thread.Start();
                thread.Join();
                await simulation.Delay(TimeSpan.FromSeconds(1));
            });
            failure.Message.ShouldContain("a continuation left the simulation");
        }
    }

    [Fact]
    public async Task A_wait_for_what_never_comes_is_told_with_who_waits()
    {
        var failure = await FailAsync(async simulation =>
        {
            var host = simulation.AddHost("lonely");
            await host.Runtime.Network.Listen(new IPEndPoint(IPAddress.Any, 4001), 8).AcceptAsync();
        }, new SimulationOptions { EscapeGrace = TimeSpan.Zero });
        failure.Message.ShouldContain("nothing left to happen");
        failure.Message.ShouldContain("lonely:");
        failure.Message.ShouldContain("accepts on tcp 0.0.0.0:4001");
    }

    [Fact]
    public async Task Virtual_time_and_events_are_bounded()
    {
        var ticking = await FailAsync(async simulation =>
        {
            using var timer = simulation.Time.CreateTimer(static _ => { }, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            await Task.Delay(Timeout.InfiniteTimeSpan, simulation.Time, CancellationToken.None);
        }, new SimulationOptions { MaxVirtualTime = TimeSpan.FromMinutes(1), EscapeGrace = TimeSpan.Zero });
        ticking.Message.ShouldContain("MaxVirtualTime");

        var spinning = await FailAsync(async simulation =>
        {
            while (true) await simulation.Scheduler.Yield();
        }, new SimulationOptions { MaxEvents = 1000, EscapeGrace = TimeSpan.Zero });
        spinning.Message.ShouldContain("MaxEvents");
    }

    [Fact]
    public async Task An_exception_that_nobody_catches_ends_it()
    {
        var failure = await FailAsync(async simulation =>
        {
            using var timer = simulation.AddHost("a").Runtime.Time.CreateTimer(static _ => throw new InvalidOperationException("oops"), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            await simulation.Delay(TimeSpan.FromSeconds(1));
        });
        failure.Message.ShouldContain("nobody caught, on a: oops");
        failure.InnerException!.InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task A_failure_tells_how_to_replay_it_and_what_each_host_did_last()
    {
        var failure = await FailAsync(async simulation =>
        {
            var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
            for (var i = 0; i < 100; i++) a.Note($"note {i}");
            b.Note("the only one");
            await simulation.Delay(TimeSpan.FromSeconds(2));
            b.Crash();
            1.ShouldBe(2);
        }, seed: 77);
        failure.Seed.ShouldBe(77);
        failure.Message.ShouldContain("Seed 77, after 2 s of virtual time");
        failure.Message.ShouldContain(
            $"Replay: LIBP2P_SIMULATION_SEED=77 dotnet run --project tests/Libp2p.Simulations.Tests -- -method \"{typeof(FailureTests).FullName}.{nameof(A_failure_tells_how_to_replay_it_and_what_each_host_did_last)}\"");
        failure.Message.ShouldContain("a note 99");
        failure.Message.ShouldNotContain("a note 50");
        failure.Message.ShouldContain("b (crashed):");
        failure.Message.ShouldContain("b the only one");
        failure.InnerException.ShouldBeOfType<ShouldAssertException>();
    }

    [Fact]
    public async Task It_can_be_given_up_from_outside()
    {
        using var source = new CancellationTokenSource();
        var running = Simulation.RunAsync(1, async simulation =>
        {
            source.Cancel();
            while (true) await simulation.Scheduler.Yield();
        }, cancellationToken: source.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Refused(new SimulationOptions { MaxVirtualTime = TimeSpan.Zero });
        Refused(new SimulationOptions { MaxEvents = 0 });
        Refused(new SimulationOptions { TraceCapacity = 0 });
        Refused(new SimulationOptions { EscapeGrace = TimeSpan.FromTicks(-1) });
        Refused(new SimulationOptions { Links = new LinkOptions { Loss = 1.1 } });
        Refused(new SimulationOptions { Links = new LinkOptions { Latency = TimeSpan.FromTicks(-1) } });
        Refused(new SimulationOptions { Links = new LinkOptions { BytesPerSecond = 0 } });
        Refused(new SimulationOptions { Links = new LinkOptions { DatagramSize = 0 } });
        Refused(new SimulationOptions { Streams = new StreamOptions { Window = 0 } });
        Refused(new SimulationOptions { Streams = new StreamOptions { GiveUpAfter = TimeSpan.Zero } });

        static void Refused(SimulationOptions options) => Should.Throw<ArgumentException>(() => { _ = Simulation.RunAsync(1, static _ => Task.CompletedTask, options); });
    }

    private static async Task LeaveAsync(SimulatedHost host, string way)
    {
        // Again, where what is awaited happened to be over already.
        while (true)
        {
            switch (way)
            {
                case "Yield":
                    await Task.Yield();
                    break;
                case "Run":
                    await Task.Run(static () => { });
                    break;
                case "Delay":
                    await Task.Delay(1);
                    break;
                case "Semaphore":
                    using (var semaphore = new SemaphoreSlim(0, 1))
                    {
                        host.Runtime.Scheduler.Schedule(static state => ((SemaphoreSlim)state!).Release(), semaphore);
                        await semaphore.WaitAsync();
                    }

                    break;
                case "Completion":
                    var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    host.Runtime.Scheduler.Schedule(static state => ((TaskCompletionSource)state!).SetResult(), completion);
                    await completion.Task;
                    break;
                case "Cancel":
                    using (var source = new CancellationTokenSource())
                    {
                        source.Token.Register(static () => { });
                        await source.CancelAsync();
                    }

                    break;
            }

            host.Note("here");
        }
    }

    private static async Task<SimulationException> FailAsync(Func<Simulation, Task> body, SimulationOptions? options = null, int seed = 1) =>
        await Should.ThrowAsync<SimulationException>(() => Simulation.RunAsync(seed, body, options ?? new SimulationOptions { EscapeGrace = TimeSpan.FromMinutes(1) }));
}
