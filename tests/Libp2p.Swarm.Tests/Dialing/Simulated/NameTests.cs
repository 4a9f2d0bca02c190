using System.Net;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: DNS recursion caps. Row 46.</summary>
public class NameTests
{
    private static readonly IPAddress V4 = IPAddress.Parse("45.0.0.9");
    private static readonly IPAddress V6 = IPAddress.Parse("2a00::9");

    [Theory]
    [InlineData("/dns/both.example/tcp/1", "/ip6/2a00::9/tcp/1", "/ip4/45.0.0.9/tcp/1")]
    [InlineData("/dns4/both.example/tcp/1", "/ip4/45.0.0.9/tcp/1")]
    [InlineData("/dns6/both.example/tcp/1", "/ip6/2a00::9/tcp/1")]
    [InlineData("/dnsaddr/example", "/ip6/2a00::9/udp/4/quic-v1", "/ip4/45.0.0.9/tcp/3")]
    public Task Names_lead_to_addresses_that_are_dialed_by_rank(string name, params string[] dialed) => DialWorld.RunAsync(async world =>
    {
        world.Simulation.Dns.Set("both.example", V4, V6);
        world.Simulation.Dns.SetText("_dnsaddr.example", "something else", "dnsaddr=/dns4/both.example/tcp/3", "dnsaddr=/ip6/2a00::9/udp/4/quic-v1", $"dnsaddr=/ip4/45.0.0.9/tcp/5/p2p/{TestIdentity.Stranger.PeerId}");
        var failure = await DialWorld.FailsAsync(world.DialAsync(name));
        world.Transport.Addresses.ShouldBe(dialed);
        var first = failure.Report.Attempts[0];
        first.Outcome.ShouldBe(DialOutcome.Resolved);
        first.Took.ShouldBe(world.Simulation.Dns.Latency * (name.StartsWith("/dnsaddr", StringComparison.Ordinal) ? 2 : 1));
        failure.Report.Attempts.Skip(1).ShouldAllBe(attempt => attempt.ResolvedFrom == Multiaddr.Parse(name));
    });

    [Fact]
    public Task Dnsaddr_with_a_peer_takes_only_what_leads_to_it_and_without_one_expects_each() => DialWorld.RunAsync(async world =>
    {
        var (one, other) = (TestIdentity.Get(1).PeerId, TestIdentity.Get(2).PeerId);
        world.Simulation.Dns.SetText("_dnsaddr.example", $"dnsaddr=/ip4/45.0.0.9/tcp/1/p2p/{one}", $"dnsaddr=/ip4/45.0.0.9/tcp/2/p2p/{other}");
        world.Otherwise = new Script(Ending.Connect);
        (await world.Node.ConnectAsync(Multiaddr.Parse($"/dnsaddr/example/p2p/{other}"))).RemotePeer.ShouldBe(other);
        world.Transport.Addresses.ShouldBe(["/ip4/45.0.0.9/tcp/2"]);
        (await world.Node.ConnectAsync(Multiaddr.Parse("/dnsaddr/example"))).RemotePeer.ShouldBe(one);
        world.Transport.Dials[^1].Context.Expected.ShouldBe(one);
    });

    [Fact]
    public Task Row46_names_lead_four_deep_and_not_in_circles() => DialWorld.RunAsync(async world =>
    {
        for (var depth = 1; depth <= 5; depth++)
        {
            world.Simulation.Dns.SetText($"_dnsaddr.n{depth}.example", $"dnsaddr=/dnsaddr/n{depth + 1}.example", $"dnsaddr=/ip4/45.0.0.9/tcp/{depth}");
        }

        await DialWorld.FailsAsync(world.DialAsync("/dnsaddr/n1.example"));
        world.Transport.Addresses.ShouldBe([.. Enumerable.Range(1, 4).Select(static port => $"/ip4/45.0.0.9/tcp/{port}")]);

        world.Simulation.Dns.SetText("_dnsaddr.a.example", "dnsaddr=/dnsaddr/b.example");
        world.Simulation.Dns.SetText("_dnsaddr.b.example", "dnsaddr=/dnsaddr/a.example");
        var failure = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(98).PeerId, CancellationToken.None, "/dnsaddr/a.example"));
        failure.Message.ShouldContain("leads to no address");
        failure.Layer.ShouldBe(ConnectionLayer.Address);
    });

    [Fact]
    public Task Row46_a_dnsaddr_bomb_costs_32_questions_16_texts_each_and_100_addresses() => DialWorld.RunAsync(async world =>
    {
        world.Simulation.Dns.SetText("_dnsaddr.bomb.example", [.. Enumerable.Range(0, 1000).Select(static number => $"dnsaddr=/dnsaddr/b{number}.example")]);
        for (var number = 0; number < 1000; number++)
        {
            world.Simulation.Dns.SetText($"_dnsaddr.b{number}.example", [.. Enumerable.Range(0, 100).Select(text => $"dnsaddr=/dnsaddr/c{number}x{text}.example")]);
        }

        var before = world.Now;
        await DialWorld.FailsAsync(world.DialAsync("/dnsaddr/bomb.example"));
        (world.Now - before).ShouldBe(world.Simulation.Dns.Latency * 32);

        // Not of each: a hundred names are as many bombs.
        before = world.Now;
        var bombs = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(97).PeerId, CancellationToken.None, "/dnsaddr/bomb.example", "/dnsaddr/b0.example"));
        (world.Now - before).ShouldBe(world.Simulation.Dns.Latency * 16);
        bombs.Message.ShouldContain("Dialing:MaxNameLookups");

        world.Simulation.Dns.SetText("_dnsaddr.wide.example", [.. Enumerable.Range(0, 16).Select(static number => $"dnsaddr=/dns4/w{number}.example/tcp/1")]);
        for (var number = 0; number < 16; number++) world.Simulation.Dns.Set($"w{number}.example", [.. Enumerable.Range(0, 50).Select(host => new IPAddress([45, 1, (byte)number, (byte)host]))]);
        world.Otherwise = new Script(Ending.Refuse);
        var failure = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(98).PeerId, CancellationToken.None, "/dnsaddr/wide.example"));
        world.Transport.Dials.Count.ShouldBe(99);
        failure.Report.Attempts.Length.ShouldBe(100);
    });

    [Fact]
    public Task Names_that_are_unknown_or_unanswered_fail_and_hold_up_nobody() => DialWorld.RunAsync(async world =>
    {
        world.Simulation.Dns.Set("silent.example", V4);
        world.Simulation.Dns.Silence("silent.example");
        world.On("/ip4/45.0.0.9/tcp/1", Ending.Connect, 100);
        (await world.DialAsync("/dns4/silent.example/tcp/1", "/dns4/nobody.example/tcp/1", "/ip4/45.0.0.9/tcp/1")).Remote.ToString().ShouldBe("/ip4/45.0.0.9/tcp/1");
        world.Now.ShouldBe(TimeSpan.FromMilliseconds(100));

        var failure = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(98).PeerId, CancellationToken.None, "/dns4/silent.example/tcp/1", "/dns4/nobody.example/tcp/1"));
        failure.Report.Attempts[1].Error!.Message.ShouldContain("there is no such name");
        failure.Report.Attempts.ShouldAllBe(static attempt => attempt.Outcome == DialOutcome.Failed);
    });
}
