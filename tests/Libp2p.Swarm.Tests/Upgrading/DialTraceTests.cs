using System.Diagnostics;
using Libp2p.Swarm.Tests.Telemetry;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Upgrading;

public class DialTraceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_step_of_a_dial_is_an_event_in_order_by_the_clock_of_the_node(bool early)
    {
        using var traced = new Activities();
        await using var nodes = new StackNodes(fakeClock: true);
        var listener = await nodes.StartAsync(81, earlyMuxer: early);
        var dialer = await nodes.StartAsync(82, earlyMuxer: early);
        await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();

        var dial = traced.Single(DialTrace.DialActivity, listener.PeerId);
        dial.Status.ShouldNotBe(ActivityStatusCode.Error);
        dial.GetTagItem(DialTrace.Address).ShouldBe(listener.ListenAddresses[0].ToString());
        var upgrade = traced.Single(DialTrace.UpgradeActivity, listener.PeerId);
        upgrade.ParentSpanId.ShouldBe(dial.SpanId);
        upgrade.Events.Select(e => e.Name).ShouldBe([DialTrace.SecurityAgreed, DialTrace.Secured, DialTrace.MuxerAgreed, DialTrace.Muxed]);
        Tag(upgrade, DialTrace.SecurityAgreed, DialTrace.Protocol).ShouldBe("/noise");
        Tag(upgrade, DialTrace.Secured, DialTrace.Peer).ShouldBe(listener.PeerId.ToString());
        Tag(upgrade, DialTrace.MuxerAgreed, DialTrace.Protocol).ShouldBe("/yamux/1.0.0");
        Tag(upgrade, DialTrace.MuxerAgreed, DialTrace.Early).ShouldBe(early);

        // The fake clock stands still.
        var now = nodes.Runtime.Node.Time.GetUtcNow();
        upgrade.Events.ShouldAllBe(e => e.Timestamp == now);
        dial.StartTimeUtc.ShouldBe(now.UtcDateTime);
    }

    [Fact]
    public async Task A_dial_that_fails_shows_how_far_it_came()
    {
        using var traced = new Activities();
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(83);
        var dialer = await nodes.StartAsync(84);
        var address = listener.ListenAddresses[0];
        await Should.ThrowAsync<DialException>(dialer.ConnectAsync(TestIdentity.Get(85).PeerId, new ConnectOptions { Addresses = [address] }).AsTask().Within());

        var dial = traced.Ended.Single(a => a.OperationName == DialTrace.DialActivity && address.ToString().Equals(a.GetTagItem(DialTrace.Address)));
        dial.Status.ShouldBe(ActivityStatusCode.Error);
        var upgrade = traced.Ended.Single(a => a.OperationName == DialTrace.UpgradeActivity && a.ParentSpanId == dial.SpanId);
        upgrade.Status.ShouldBe(ActivityStatusCode.Error);
        upgrade.Events.Select(e => e.Name).ShouldBe([DialTrace.SecurityAgreed]);
    }

    private static object? Tag(Activity activity, string step, string tag) => activity.Events.Single(e => e.Name == step).Tags.Single(t => t.Key == tag).Value;
}
