using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Who may connect: lists and gaters, before the dial, on accept, after security, after upgrade.</summary>
public class GatingTests
{
    private const string Address = "/ip4/45.0.0.9/tcp/1";

    [Theory]
    [InlineData("45.0.0.9")]
    [InlineData("45.0.0.0/8")]
    [InlineData("/ip4/45.0.0.9")]
    [InlineData("/ip4/45.0.0.9/tcp/1")]
    public Task Blocked_address_is_not_dialed_and_others_are(string rule) => DialWorld.RunAsync(
        async world =>
        {
            world.Otherwise = new Script(Ending.Connect);
            (await world.DialAsync(Address, "/ip4/46.0.0.9/tcp/1")).Remote.ToString().ShouldBe("/ip4/46.0.0.9/tcp/1");
            var failure = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(98).PeerId, CancellationToken.None, Address));
            failure.Report.Attempts.Single().Error.ShouldBeOfType<ConnectionGatedException>().Point.ShouldBe(GatePoint.DialAddress);
            failure.Message.ShouldContain("Gating:Block");
            failure.Layer.ShouldBe(ConnectionLayer.Resources);
        },
        options => options.Gating.Block.Add(rule));

    [Fact]
    public Task Blocked_peer_is_not_dialed() => DialWorld.RunAsync(
        async world =>
        {
            var failure = await DialWorld.FailsAsync(world.DialAsync(Address));
            failure.InnerException.ShouldBeOfType<ConnectionGatedException>().Point.ShouldBe(GatePoint.DialPeer);
            world.Transport.Dials.ShouldBeEmpty();

            // Where nobody is expected it shows once it has proven who it is.
            world.On(Address, Ending.Connect, who: TestIdentity.Get(99));
            failure = await DialWorld.FailsAsync(world.Node.ConnectAsync(Multiaddr.Parse(Address)).AsTask());
            failure.InnerException.ShouldBeOfType<ConnectionGatedException>().Point.ShouldBe(GatePoint.Secured);
            world.Transport.Connections.Single().HasEnded.ShouldBeTrue();
        },
        static options => options.Gating.Block.Add(DialWorld.Peer.ToString()));

    [Fact]
    public Task Only_those_allowed_are_dialed_each_kind_of_rule_for_itself() => DialWorld.RunAsync(
        async world =>
        {
            world.Otherwise = new Script(Ending.Connect);
            await DialWorld.FailsAsync(world.DialAsync("/ip4/46.0.0.1/tcp/1"));
            await world.DialAsync("/ip4/46.0.0.1/tcp/1", Address);
            (await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(98).PeerId, CancellationToken.None, Address))).Message.ShouldContain("Gating:Allow");
            world.Transport.Addresses.ShouldBe([Address]);
        },
        static options =>
        {
            options.Gating.Allow.Add("45.0.0.0/24");
            options.Gating.Allow.Add(DialWorld.Peer.ToString());
        });

    [Fact]
    public Task Name_is_judged_by_what_it_leads_to() => DialWorld.RunAsync(
        async world =>
        {
            world.Simulation.Dns.Set("good.example", System.Net.IPAddress.Parse("45.0.0.9"));
            (await DialWorld.FailsAsync(world.DialAsync("/dns4/good.example/tcp/1"))).Message.ShouldContain("Gating:Block");
            world.Transport.Dials.ShouldBeEmpty();
        },
        static options => options.Gating.Block.Add("45.0.0.0/8"));

    [Fact]
    public Task Gater_is_asked_at_every_point_in_order_with_what_is_known() => DialWorld.RunAsync(async world =>
    {
        var gater = new Gater();
        world.Node.Exports.Add<IConnectionGater>(gater);
        world.Otherwise = new Script(Ending.Connect);
        await world.DialAsync(Address);
        gater.Asked.Select(static request => request.Point).ShouldBe([GatePoint.DialPeer, GatePoint.DialAddress, GatePoint.Secured, GatePoint.Upgraded]);
        gater.Asked.ShouldAllBe(static request => request.Peer == DialWorld.Peer && request.Direction == ConnectionDirection.Outbound);
        gater.Asked.Skip(1).ShouldAllBe(static request => request.Remote == Multiaddr.Parse(Address));
        foreach (var point in (GatePoint[])[GatePoint.DialPeer, GatePoint.DialAddress, GatePoint.Secured, GatePoint.Upgraded])
        {
            gater.Refuses = point;
            var failure = await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get((byte)(50 + (int)point)).PeerId, CancellationToken.None, Address));
            failure.InnerException.ShouldBeOfType<ConnectionGatedException>().Point.ShouldBe(point);
            failure.Message.ShouldContain("not on a Sunday");
        }

        gater.Refuses = null;
        gater.Throws = true;
        (await DialWorld.FailsAsync(world.DialAsync(TestIdentity.Get(60).PeerId, CancellationToken.None, Address))).Message.ShouldContain("failed");
    });

    [Fact]
    public async Task Incoming_connections_are_gated_on_accept_after_security_and_after_upgrade()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var gater = new Gater();
        listener.Exports.Add<IConnectionGater>(gater);
        var dialer = await nodes.StartAsync(2);
        var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        foreach (var point in (GatePoint[])[GatePoint.Accept, GatePoint.Secured, GatePoint.Upgraded])
        {
            gater.Refuses = point;
            try
            {
                await (await dialer.ConnectAsync(StackNodes.AddressOf(listener), new ConnectOptions { ForceNew = true }).Within()).Completion.Within();
            }
            catch (DialException)
            {
                // As far as the dialer had come.
            }

            do
            {
                (await events.MoveNextAsync().Within()).ShouldBeTrue();
            }
            while (events.Current is not IncomingFailed);

            ((IncomingFailed)events.Current).Cause.ShouldBeOfType<ConnectionGatedException>().Point.ShouldBe(point);
        }

        gater.Asked[0].Peer.ShouldBeNull();
        gater.Asked.Where(static request => request.Point != GatePoint.Accept).ShouldAllBe(request => request.Peer == dialer.PeerId && request.Direction == ConnectionDirection.Inbound);
        gater.Refuses = null;
        await Swarm.Tests.Connections.ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public void Rules_that_are_none_stop_the_start()
    {
        var options = new SwarmOptions();
        options.Gating.Block.Add("10.0.0.0/99");
        options.Gating.Allow.Add("nobody");
        options.Validate().Count(static problem => problem.StartsWith("Gating:", StringComparison.Ordinal)).ShouldBe(2);
    }

    private sealed class Gater : IConnectionGater
    {
        public List<GateRequest> Asked { get; } = [];

        public GatePoint? Refuses { get; set; }

        public bool Throws { get; set; }

        public string? Refuse(GateRequest request)
        {
            lock (Asked) Asked.Add(request);
            if (Throws) throw new InvalidOperationException("broken.");
            return request.Point == Refuses ? "not on a Sunday." : null;
        }
    }
}
