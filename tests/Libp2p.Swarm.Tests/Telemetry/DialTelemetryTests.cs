using System.Diagnostics;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Telemetry;

/// <summary>docs/telemetry.md, seen by those who listen.</summary>
public sealed class DialTelemetryTests
{
    private static readonly ActivitySource _caller = new("Libp2p.Swarm.Tests.Caller");

    [Fact]
    public async Task Trace_of_a_dial_shows_every_address_each_step_of_the_upgrade_and_the_streams()
    {
        using var activities = new Activities(_caller.Name);
        await using var nodes = new StackNodes();
        var impostor = await nodes.StartAsync(91);
        var listener = await nodes.StartAsync(92);

        // One after the other: a better address fails before the next has its turn.
        var dialer = await nodes.StartAsync(93, static options => options.Dialing.PrivateDelay = TimeSpan.FromMinutes(1));
        var dead = Multiaddr.Parse("/ip6/::1/tcp/1");
        ActivityTraceId trace;
        using (var root = _caller.StartActivity("caller").ShouldNotBeNull())
        {
            trace = root.TraceId;
            var options = new ConnectOptions { Addresses = [dead, impostor.ListenAddresses[0], listener.ListenAddresses[0]] };
            var connection = await dialer.ConnectAsync(listener.PeerId, options).Within();
            await using var stream = await connection.OpenStreamAsync([QuicNodes.Echo], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
            Activity.Current.ShouldBe(root);
        }

        var traced = activities.Ended.Where(activity => activity.TraceId == trace).ToArray();
        var caller = traced.Single(static activity => activity.OperationName == "caller");
        var dial = Child(caller, "libp2p.dial");
        dial.GetTagItem("libp2p.peer").ShouldBe(listener.PeerId.ToString());
        dial.GetTagItem("libp2p.outcome").ShouldBe("connected");

        var addresses = traced.Where(activity => activity.OperationName == DialTrace.DialActivity).OrderBy(static activity => activity.StartTimeUtc).ToArray();
        addresses.ShouldAllBe(activity => activity.ParentSpanId == dial.SpanId);
        addresses.Select(static activity => (string)activity.GetTagItem(DialTrace.Address)!).ShouldBe([dead.ToString(), impostor.ListenAddresses[0].ToString(), listener.ListenAddresses[0].ToString()]);
        addresses.Select(static activity => activity.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        addresses[2].GetTagItem(DialTrace.Peer).ShouldBe(listener.PeerId.ToString());

        traced.ShouldNotContain(activity => activity.ParentSpanId == addresses[0].SpanId);
        var wrong = Child(addresses[1], DialTrace.UpgradeActivity);
        wrong.Status.ShouldBe(ActivityStatusCode.Error);
        Steps(wrong).ShouldBe([DialTrace.SecurityAgreed]);
        var right = Child(addresses[2], DialTrace.UpgradeActivity);
        Steps(right).ShouldBe([DialTrace.SecurityAgreed, DialTrace.Secured, DialTrace.MuxerAgreed, DialTrace.Muxed]);
        Child(right, "libp2p.noise.handshake").GetTagItem("libp2p.role").ShouldBe("dialer");

        var negotiation = Child(caller, "libp2p.stream.negotiate");
        negotiation.GetTagItem("libp2p.peer").ShouldBe(listener.PeerId.ToString());
        negotiation.GetTagItem("libp2p.protocol").ShouldBe(QuicNodes.Echo.Value);

        Activity Child(Activity parent, string name) => traced.Single(activity => activity.OperationName == name && activity.ParentSpanId == parent.SpanId);

        static IEnumerable<string> Steps(Activity upgrade) => upgrade.Events.Select(static step => step.Name);
    }

    [Fact]
    public async Task Handler_at_work_is_traced()
    {
        using var activities = new Activities();
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(94);
        listener.Handle("/traced/94", static (_, _) => default);
        var dialer = await nodes.StartAsync(95);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await using var stream = await connection.OpenStreamAsync(["/traced/94"]).Within();
        await Watchdog.Eventually(() => activities.Ended.Any(static activity => activity.OperationName == "libp2p.stream.handle" && "/traced/94".Equals(activity.GetTagItem("libp2p.protocol"))));
    }
}
