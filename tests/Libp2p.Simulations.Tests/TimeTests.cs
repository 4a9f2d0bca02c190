using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

public class TimeTests
{
    private static readonly SimulationOptions Fifo = new() { Order = SimulationOrder.Fifo };

    [Fact]
    public async Task Time_passes_when_nothing_is_left_to_do_and_costs_nothing()
    {
        var result = await Simulation.RunAsync(1, async simulation =>
        {
            await simulation.Delay(TimeSpan.FromHours(10));
            simulation.Now.ShouldBe(TimeSpan.FromHours(10));
            simulation.Time.GetUtcNow().ShouldBe(new DateTimeOffset(2000, 1, 1, 10, 0, 0, TimeSpan.Zero));
        }, new SimulationOptions { MaxVirtualTime = TimeSpan.FromDays(1) });
        result.VirtualTime.ShouldBe(TimeSpan.FromHours(10));
    }

    [Fact]
    public Task Timers_fire_when_they_are_due_again_where_they_repeat_and_never_once_disposed() => Simulation.RunAsync(1, async simulation =>
    {
        var fired = new List<string>();
        using var late = simulation.Time.CreateTimer(_ => fired.Add($"late {simulation.Now.TotalSeconds}"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var twice = simulation.Time.CreateTimer(_ => fired.Add($"twice {simulation.Now.TotalSeconds}"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var moved = simulation.Time.CreateTimer(_ => fired.Add("moved"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        moved.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).ShouldBeTrue();
        await simulation.Delay(TimeSpan.FromSeconds(2.5));
        twice.Dispose();
        twice.Change(TimeSpan.Zero, TimeSpan.Zero).ShouldBeFalse();
        await simulation.Delay(TimeSpan.FromSeconds(10));
        fired.ShouldBe(["twice 1", "twice 2", "late 3"]);
    }, Fifo);

    [Fact]
    public Task Deadlines_and_delays_of_the_runtime_go_by_the_virtual_clock() => Simulation.RunAsync(1, async simulation =>
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), simulation.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => simulation.Delay(TimeSpan.FromDays(1), deadline.Token));
        simulation.Now.ShouldBe(TimeSpan.FromMinutes(1));
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1), simulation.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => simulation.Delay(TimeSpan.FromHours(1)).WaitAsync(cancel.Token));
        simulation.Now.ShouldBe(TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TimeoutException>(() => simulation.Delay(TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(5), simulation.Time));
        simulation.Now.ShouldBe(TimeSpan.FromSeconds(66));
    });

    [Fact]
    public Task A_timer_has_the_locals_of_who_made_it() => Simulation.RunAsync(1, async simulation =>
    {
        var local = new AsyncLocal<int> { Value = 1 };
        var seen = 0;
        using var timer = simulation.Time.CreateTimer(_ => seen = local.Value, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        local.Value = 2;
        await simulation.Delay(TimeSpan.FromSeconds(2));
        seen.ShouldBe(1);
    });

    [Fact]
    public Task The_time_of_day_of_a_host_jumps_and_nothing_else_does() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var waiting = Task.Delay(TimeSpan.FromSeconds(10), a.Runtime.Time);
        var before = a.Runtime.Time.GetTimestamp();
        a.JumpClock(TimeSpan.FromDays(-400));
        (a.Runtime.Time.GetUtcNow() - b.Runtime.Time.GetUtcNow()).ShouldBe(TimeSpan.FromDays(-400));
        await waiting;
        simulation.Now.ShouldBe(TimeSpan.FromSeconds(10));
        a.Runtime.Time.GetElapsedTime(before).ShouldBe(TimeSpan.FromSeconds(10));
        a.Runtime.Time.LocalTimeZone.ShouldBe(TimeZoneInfo.Utc);
    });

    [Fact]
    public async Task What_is_ready_at_once_runs_in_an_order_that_the_seed_chooses()
    {
        var orders = new HashSet<string>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var order = await OrderAsync(seed, new SimulationOptions());
            (await OrderAsync(seed, new SimulationOptions())).ShouldBe(order);
            orders.Add(order);
        }

        orders.Count.ShouldBeGreaterThan(15);
        (await OrderAsync(1, Fifo)).ShouldBe("0123456789");
    }

    private static async Task<string> OrderAsync(int seed, SimulationOptions options)
    {
        var order = "";
        await Simulation.RunAsync(seed, async simulation =>
        {
            for (var i = 0; i < 10; i++) simulation.Scheduler.Schedule(number => order += number, i);
            await simulation.Delay(TimeSpan.FromSeconds(1));
        }, options);
        return order;
    }
}
