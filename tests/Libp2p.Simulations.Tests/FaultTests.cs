using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>Partitions, cuts, crashes.</summary>
public class FaultTests
{
    [Fact]
    public Task Who_is_cut_off_hears_nothing_and_goes_on_where_it_was() => Simulation.RunSeedsAsync(10, async simulation =>
    {
        var (a, b, c) = (simulation.AddHost("a"), simulation.AddHost("b"), simulation.AddHost("c"));
        var (near, far) = await LinkTests.ConnectAsync(a, b);
        var (inside, other) = await LinkTests.ConnectAsync(b, c);
        var receiving = far.ReceiveAsync(new byte[8]).AsTask();
        using (simulation.Partition([b, c]))
        {
            await near.SendAsync(new byte[] { 1 });
            await inside.SendAsync(new byte[] { 2 });
            await LinkTests.ReadAsync(other, 1);
            await simulation.Delay(TimeSpan.FromSeconds(20));
            receiving.IsCompleted.ShouldBeFalse();
        }

        (await receiving).ShouldBe(1);
    });

    [Fact]
    public Task A_partition_that_lasts_breaks_who_sends_and_not_who_listens() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var (near, far) = await LinkTests.ConnectAsync(a, b);
        var receiving = far.ReceiveAsync(new byte[8]).AsTask();
        using (simulation.Partition([b]))
        {
            await near.SendAsync(new byte[] { 1 });
            (await Assert.ThrowsAsync<SocketException>(() => near.ReceiveAsync(new byte[1]).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
        }

        await simulation.Delay(TimeSpan.FromMinutes(50));
        receiving.IsCompleted.ShouldBeFalse();

        // Half open: told when it sends.
        await far.SendAsync(new byte[] { 1 });
        (await Assert.ThrowsAsync<SocketException>(() => receiving)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    });

    [Theory]
    [InlineData(PartitionKind.Silent, SocketError.TimedOut, 127)]
    [InlineData(PartitionKind.Unreachable, SocketError.HostUnreachable, 1)]
    public Task A_dial_into_a_partition_waits_or_is_told(PartitionKind kind, SocketError error, int seconds) => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        await using var listener = b.Runtime.Network.Listen(new IPEndPoint(b.Address, 4001), 8);
        using (simulation.Partition([b], kind))
        {
            (await Assert.ThrowsAsync<SocketException>(() => a.Runtime.Network.ConnectAsync(listener.Local).AsTask())).SocketErrorCode.ShouldBe(error);
            simulation.Now.TotalSeconds.ShouldBeLessThanOrEqualTo(seconds);
            simulation.Now.TotalSeconds.ShouldBeGreaterThan(seconds * 0.01);
        }

        await a.Runtime.Network.ConnectAsync(listener.Local);
    });

    [Fact]
    public Task One_way_can_be_down_and_the_other_up() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var (near, far) = await LinkTests.ConnectAsync(a, b);
        simulation.SetDown(a, b, true);
        await near.SendAsync(new byte[1]);
        await far.SendAsync(new byte[2]);
        await LinkTests.ReadAsync(near, 2);
        var receiving = far.ReceiveAsync(new byte[1]).AsTask();
        await simulation.Delay(TimeSpan.FromSeconds(10));
        receiving.IsCompleted.ShouldBeFalse();
        simulation.SetDown(a, b, false);
        await receiving;
    });

    [Fact]
    public Task A_cut_resets_both_ends_at_once_and_nothing_else() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b, c) = (simulation.AddHost("a"), simulation.AddHost("b"), simulation.AddHost("c"));
        var (near, far) = await LinkTests.ConnectAsync(a, b);
        var (other, another) = await LinkTests.ConnectAsync(a, c);
        simulation.Cut(b, a);
        foreach (var end in (IStreamSocket[])[near, far])
        {
            (await Assert.ThrowsAsync<SocketException>(() => end.ReceiveAsync(new byte[1]).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }

        await other.SendAsync(new byte[1]);
        await LinkTests.ReadAsync(another, 1);
        await LinkTests.ConnectAsync(a, b);
    });

    [Fact]
    public Task A_crash_ends_everything_of_the_host_and_a_restart_brings_back_its_store() => Simulation.RunSeedsAsync(10, async simulation =>
    {
        var host = simulation.AddHost("a");
        var (life, identity) = (host.Runtime, host.Identity);
        var ran = new List<string>();
        using var timer = life.Time.CreateTimer(_ => ran.Add("timer"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        host.Store.Put("kept", [1]);
        host.Store.Put("removed", [2]);
        host.Store.Flush();
        host.Store.Remove("removed").ShouldBeTrue();
        host.Store.Flush();
        life.Scheduler.Schedule(_ => ran.Add("hop"), null);
        host.Crash();
        host.IsUp.ShouldBeFalse();
        await simulation.Delay(TimeSpan.FromSeconds(10));
        ran.ShouldBeEmpty();

        host.Restart();
        host.IsUp.ShouldBeTrue();
        host.Identity.ShouldBe(identity);
        host.Runtime.ShouldNotBe(life);
        host.Store.Keys.ShouldBe(["kept"]);
        host.Store.TryGet("kept", out var value).ShouldBeTrue();
        value.ToArray().ShouldBe([1]);
        await host.Runtime.DelayAsync(TimeSpan.FromSeconds(1));
        ran.ShouldBeEmpty();
        Assert.Throws<InvalidOperationException>(host.Restart);
    });

    [Fact]
    public async Task What_was_not_flushed_may_be_lost_in_order()
    {
        var survivors = new HashSet<int>();
        foreach (var seed in Enumerable.Range(1, 50))
        {
            await Simulation.RunAsync(seed, simulation =>
            {
                var host = simulation.AddHost("a");
                foreach (var key in (string[])["a", "b", "c"]) host.Store.Put(key, [1]);
                host.Crash();
                host.Restart();
                host.Store.Keys.ShouldBe(((string[])["a", "b", "c"]).Take(host.Store.Keys.Count));
                survivors.Add(host.Store.Keys.Count);
                return Task.CompletedTask;
            });
        }

        survivors.Order().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public Task Peers_of_a_machine_without_power_hear_nothing_until_it_is_back_and_knows_nothing() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var (near, _) = await LinkTests.ConnectAsync(a, b);
        b.Crash();
        var receiving = near.ReceiveAsync(new byte[1]).AsTask();
        await near.SendAsync(new byte[1]);
        await simulation.Delay(TimeSpan.FromSeconds(10));
        receiving.IsCompleted.ShouldBeFalse();
        b.Restart();
        (await Assert.ThrowsAsync<SocketException>(() => receiving)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    });

    [Fact]
    public Task Peers_of_a_killed_process_are_told_at_once() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        await using var listener = b.Runtime.Network.Listen(new IPEndPoint(b.Address, 4001), 8);
        var (near, _) = await LinkTests.ConnectAsync(a, b);
        b.Crash(CrashKind.Process);
        (await Assert.ThrowsAsync<SocketException>(() => near.ReceiveAsync(new byte[1]).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        (await Assert.ThrowsAsync<SocketException>(() => a.Runtime.Network.ConnectAsync(listener.Local).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        simulation.Now.TotalSeconds.ShouldBeLessThan(1);
    });

    [Fact]
    public Task Names_are_known_unknown_or_unanswered() => Simulation.RunAsync(1, async simulation =>
    {
        var network = simulation.AddHost("a").Runtime.Network;
        simulation.Dns.Set("two.example", IPAddress.Parse("45.0.0.9"), IPAddress.Parse("2001:db8::9"));
        simulation.Dns.Set("empty.example");
        simulation.Dns.Set("silent.example", IPAddress.Loopback);
        simulation.Dns.Silence("silent.example");
        (await network.ResolveAsync("TWO.example")).ShouldBe([IPAddress.Parse("45.0.0.9"), IPAddress.Parse("2001:db8::9")]);
        simulation.Now.ShouldBe(simulation.Dns.Latency);
        (await network.ResolveAsync("empty.example")).ShouldBeEmpty();
        (await Assert.ThrowsAsync<SocketException>(() => network.ResolveAsync("other.example").AsTask())).SocketErrorCode.ShouldBe(SocketError.HostNotFound);
        var before = simulation.Now;
        (await Assert.ThrowsAsync<SocketException>(() => network.ResolveAsync("silent.example").AsTask())).SocketErrorCode.ShouldBe(SocketError.TryAgain);
        (simulation.Now - before).ShouldBe(simulation.Dns.Timeout);
        simulation.Dns.Remove("two.example");
        await Assert.ThrowsAsync<SocketException>(() => network.ResolveAsync("two.example").AsTask());
    });

    [Fact]
    public Task Text_of_a_name_is_told_beside_its_addresses() => Simulation.RunAsync(1, async simulation =>
    {
        var network = simulation.AddHost("a").Runtime.Network;
        simulation.Dns.Set("both.example", IPAddress.Parse("45.0.0.9"));
        simulation.Dns.SetText("both.example", "dnsaddr=/ip4/45.0.0.9/tcp/4001", "more");
        simulation.Dns.SetText("silent.example", "x");
        simulation.Dns.Silence("silent.example");
        (await network.ResolveTextAsync("BOTH.example")).ShouldBe(["dnsaddr=/ip4/45.0.0.9/tcp/4001", "more"]);
        simulation.Now.ShouldBe(simulation.Dns.Latency);
        (await network.ResolveAsync("both.example")).ShouldBe([IPAddress.Parse("45.0.0.9")]);
        simulation.Dns.SetText("both.example");
        (await network.ResolveTextAsync("both.example")).ShouldBeEmpty();
        (await Assert.ThrowsAsync<SocketException>(() => network.ResolveTextAsync("other.example").AsTask())).SocketErrorCode.ShouldBe(SocketError.HostNotFound);
        var before = simulation.Now;
        (await Assert.ThrowsAsync<SocketException>(() => network.ResolveTextAsync("silent.example").AsTask())).SocketErrorCode.ShouldBe(SocketError.TryAgain);
        (simulation.Now - before).ShouldBe(simulation.Dns.Timeout);
    });
}
