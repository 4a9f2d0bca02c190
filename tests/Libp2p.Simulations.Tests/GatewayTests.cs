using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>NATs and firewalls, told apart as RFC 3489 does: by who may answer, and under which address one is seen.</summary>
public class GatewayTests
{
    [Theory]
    [InlineData(GatewayKind.FullCone, true, true, true)]
    [InlineData(GatewayKind.AddressRestricted, true, false, true)]
    [InlineData(GatewayKind.PortRestricted, false, false, true)]
    [InlineData(GatewayKind.Symmetric, false, false, false)]
    [InlineData(GatewayKind.Firewall, false, false, true)]
    public Task A_datagram_comes_in_where_its_kind_lets_it(GatewayKind kind, bool otherPort, bool stranger, bool sameAddress) => Simulation.RunAsync(1, async simulation =>
    {
        var inside = simulation.AddHost("inside", simulation.AddGateway("gateway", kind));
        var (server, third) = (simulation.AddHost("server"), simulation.AddHost("third"));
        await using var own = inside.Runtime.Network.BindDatagram(new IPEndPoint(IPAddress.Any, 4001));
        await using var asked = server.Runtime.Network.BindDatagram(new IPEndPoint(server.Address, 1000));
        await using var other = server.Runtime.Network.BindDatagram(new IPEndPoint(server.Address, 2000));
        await using var unasked = third.Runtime.Network.BindDatagram(new IPEndPoint(third.Address, 1000));

        await own.SendAsync(new byte[1], asked.Local);
        var seen = (await asked.ReceiveAsync(new byte[8])).Remote;
        seen.Address.Equals(inside.Address).ShouldBe(kind == GatewayKind.Firewall);
        (await IsHeardAsync(asked)).ShouldBeTrue();
        (await IsHeardAsync(other)).ShouldBe(otherPort);
        (await IsHeardAsync(unasked)).ShouldBe(stranger);

        await own.SendAsync(new byte[1], unasked.Local);
        (await unasked.ReceiveAsync(new byte[8])).Remote.Equals(seen).ShouldBe(sameAddress);
        (await IsHeardAsync(unasked)).ShouldBe(sameAddress);

        async Task<bool> IsHeardAsync(IDatagramNetworkSocket from)
        {
            await from.SendAsync(new byte[1], seen);
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1), simulation.Time);
            try
            {
                return (await own.ReceiveAsync(new byte[8], enough.Token)).Remote.Equals(from.Local);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    });

    [Fact]
    public Task Mappings_of_datagrams_end_when_they_are_not_used() => Simulation.RunAsync(1, async simulation =>
    {
        var gateway = simulation.AddGateway("gateway", GatewayKind.FullCone);
        var (inside, server) = (simulation.AddHost("inside", gateway), simulation.AddHost("server"));
        await using var own = inside.Runtime.Network.BindDatagram(new IPEndPoint(IPAddress.Any, 4001));
        await using var asked = server.Runtime.Network.BindDatagram(new IPEndPoint(server.Address, 1000));
        await own.SendAsync(new byte[1], asked.Local);
        var seen = (await asked.ReceiveAsync(new byte[8])).Remote;
        await simulation.Delay(gateway.UdpLifetime + TimeSpan.FromSeconds(1));
        await asked.SendAsync(new byte[1], seen);
        var receiving = own.ReceiveAsync(new byte[8]).AsTask();
        await simulation.Delay(TimeSpan.FromSeconds(1));
        receiving.IsCompleted.ShouldBeFalse();

        await own.SendAsync(new byte[1], asked.Local);
        await asked.SendAsync(new byte[1], (await asked.ReceiveAsync(new byte[8])).Remote);
        await receiving;
    });

    [Fact]
    public Task Hosts_behind_one_gateway_reach_each_other_and_its_port_only_where_it_turns_them_back() => Simulation.RunAsync(1, async simulation =>
    {
        var gateway = simulation.AddGateway("gateway", GatewayKind.FullCone);
        var (a, b) = (simulation.AddHost("a", gateway), simulation.AddHost("b", gateway));
        await LinkTests.ConnectAsync(a, b);

        await using var listener = b.Runtime.Network.Listen(new IPEndPoint(IPAddress.Any, 4001), 8);
        gateway.Forward("tcp", 4001, new IPEndPoint(b.Address, 4001));
        var outside = new IPEndPoint(gateway.Address, 4001);
        (await Assert.ThrowsAsync<SocketException>(() => a.Runtime.Network.ConnectAsync(outside).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
        gateway.Hairpin = true;
        await a.Runtime.Network.ConnectAsync(outside);
    });

    [Theory]
    [InlineData(GatewayKind.FullCone)]
    [InlineData(GatewayKind.Symmetric)]
    [InlineData(GatewayKind.Firewall)]
    public Task A_listener_behind_a_gateway_is_out_of_reach_and_its_host_is_not(GatewayKind kind) => Simulation.RunAsync(1, async simulation =>
    {
        var gateway = simulation.AddGateway("gateway", kind);
        var (inside, outside) = (simulation.AddHost("inside", gateway), simulation.AddHost("outside"));
        await using var listener = inside.Runtime.Network.Listen(new IPEndPoint(IPAddress.Any, 4001), 8);
        var address = kind == GatewayKind.Firewall ? inside.Address : gateway.Address;
        (await Assert.ThrowsAsync<SocketException>(() => outside.Runtime.Network.ConnectAsync(new IPEndPoint(address, 4001)).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);

        var (near, far) = await LinkTests.ConnectAsync(inside, outside);
        ((IPEndPoint)far.Remote).Address.ShouldBe(address);
        await far.SendAsync(new byte[1]);
        await LinkTests.ReadAsync(near, 1);
    });

    [Fact]
    public Task A_port_that_is_forwarded_leads_in_also_through_two_gateways() => Simulation.RunAsync(1, async simulation =>
    {
        var provider = simulation.AddGateway("provider", GatewayKind.PortRestricted);
        var home = simulation.AddGateway("home", GatewayKind.PortRestricted, provider);
        var (inside, outside) = (simulation.AddHost("inside", home), simulation.AddHost("outside"));
        await using var listener = inside.Runtime.Network.Listen(new IPEndPoint(IPAddress.Any, 4001), 8);
        provider.Forward("tcp", 4001, new IPEndPoint(home.Address, 5001));
        home.Forward("tcp", 5001, new IPEndPoint(inside.Address, 4001));
        var accepting = listener.AcceptAsync().AsTask();
        await using var near = await outside.Runtime.Network.ConnectAsync(new IPEndPoint(provider.Address, 4001));
        await using var far = (await accepting)!;
        far.Remote.ShouldBe(near.Local);
        far.Local.ShouldBe(new IPEndPoint(inside.Address, 4001));

        // And out again: seen as the outermost, and from where it listens at the port that leads there.
        var (_, seen) = await LinkTests.ConnectAsync(inside, outside);
        ((IPEndPoint)seen.Remote).Address.ShouldBe(provider.Address);
        await using var away = outside.Runtime.Network.Listen(new IPEndPoint(outside.Address, 0), 8);
        await using var dialed = await inside.Runtime.Network.ConnectAsync(away.Local, listener.Local);
        (await away.AcceptAsync())!.Remote.ShouldBe(new IPEndPoint(provider.Address, 4001));
    });

    [Fact]
    public Task Each_of_two_firewalls_keeps_out_what_nobody_asked_for() => Simulation.RunAsync(1, async simulation =>
    {
        var outer = simulation.AddGateway("outer", GatewayKind.Firewall);
        var inner = simulation.AddGateway("inner", GatewayKind.Firewall, outer);
        var (inside, between, outside) = (simulation.AddHost("inside", inner), simulation.AddHost("between", outer), simulation.AddHost("outside"));
        await using var listener = inside.Runtime.Network.Listen(new IPEndPoint(inside.Address, 4001), 8);
        foreach (var host in (SimulatedHost[])[between, outside])
        {
            (await Assert.ThrowsAsync<SocketException>(() => host.Runtime.Network.ConnectAsync(listener.Local).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
            await LinkTests.ConnectAsync(inside, host);
        }

        await LinkTests.ConnectAsync(between, outside);
        await using var exposed = between.Runtime.Network.Listen(new IPEndPoint(between.Address, 4001), 8);
        (await Assert.ThrowsAsync<SocketException>(() => outside.Runtime.Network.ConnectAsync(exposed.Local).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
    });

    [Theory]
    [InlineData(GatewayKind.PortRestricted, GatewayKind.PortRestricted, true)]
    [InlineData(GatewayKind.FullCone, GatewayKind.PortRestricted, true)]
    [InlineData(GatewayKind.Firewall, GatewayKind.Firewall, true)]
    [InlineData(GatewayKind.Symmetric, GatewayKind.PortRestricted, false)]
    public Task Two_hosts_that_dial_each_other_at_once_meet_where_their_gateways_let_them(GatewayKind one, GatewayKind other, bool meet) => Simulation.RunSeedsAsync(5, async simulation =>
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(10) };
        var (a, b) = (simulation.AddHost("a", simulation.AddGateway("left", one)), simulation.AddHost("b", simulation.AddGateway("right", other)));
        var server = simulation.AddHost("server");
        await using var listener = server.Runtime.Network.Listen(new IPEndPoint(server.Address, 4001), 8);
        var (aSeen, bSeen) = (await SeenAsync(a), await SeenAsync(b));

        var dialing = Task.WhenAll(DialAsync(a, bSeen), DialAsync(b, aSeen));
        if (!meet)
        {
            (await Assert.ThrowsAsync<SocketException>(() => dialing)).SocketErrorCode.ShouldBe(SocketError.TimedOut);
            return;
        }

        var ends = await dialing;
        await ends[0].SendAsync(new byte[] { 1 });
        await LinkTests.ReadAsync(ends[1], 1);
        await ends[1].SendAsync(new byte[] { 1 });
        await LinkTests.ReadAsync(ends[0], 1);

        async Task<IPEndPoint> SeenAsync(SimulatedHost host)
        {
            var accepting = listener.AcceptAsync().AsTask();
            await DialAsync(host, (IPEndPoint)listener.Local);
            return (IPEndPoint)(await accepting)!.Remote;
        }

        static async Task<IStreamSocket> DialAsync(SimulatedHost host, IPEndPoint remote) => await host.Runtime.Network.ConnectAsync(remote, new IPEndPoint(IPAddress.Any, 4001));
    });

    [Fact]
    public Task A_firewall_on_the_host_drops_rejects_and_lets_answers_in() => Simulation.RunAsync(1, async simulation =>
    {
        var (walled, other) = (simulation.AddHost("walled"), simulation.AddHost("other"));
        await using var closed = walled.Runtime.Network.Listen(new IPEndPoint(walled.Address, 4001), 8);
        await using var open = walled.Runtime.Network.Listen(new IPEndPoint(walled.Address, 4002), 8);
        walled.Firewall = new HostFirewall { OpenPorts = [4002] };
        (await FailAsync(closed)).ShouldBe(SocketError.TimedOut);
        walled.Firewall = new HostFirewall { OpenPorts = [4002], Inbound = FirewallAction.Reject, Outbound = remote => remote.Port != 25 };
        (await FailAsync(closed)).ShouldBe(SocketError.ConnectionRefused);
        await other.Runtime.Network.ConnectAsync(open.Local);
        await LinkTests.ConnectAsync(walled, other);
        (await Assert.ThrowsAsync<SocketException>(() => walled.Runtime.Network.ConnectAsync(new IPEndPoint(other.Address, 25)).AsTask())).SocketErrorCode.ShouldBe(SocketError.AccessDenied);

        await using var own = walled.Runtime.Network.BindDatagram(new IPEndPoint(walled.Address, 5000));
        await using var theirs = other.Runtime.Network.BindDatagram(new IPEndPoint(other.Address, 5000));
        await theirs.SendAsync(new byte[] { 1 }, own.Local);
        await simulation.Delay(TimeSpan.FromSeconds(1));
        await own.SendAsync(new byte[] { 2 }, theirs.Local);
        await theirs.ReceiveAsync(new byte[8]);
        await theirs.SendAsync(new byte[] { 3, 3 }, own.Local);
        (await own.ReceiveAsync(new byte[8])).Length.ShouldBe(2);

        async Task<SocketError> FailAsync(IStreamSocketListener listener) =>
            (await Assert.ThrowsAsync<SocketException>(() => other.Runtime.Network.ConnectAsync(listener.Local).AsTask())).SocketErrorCode;
    });

    [Fact]
    public Task A_full_backlog_lets_dials_wait_until_there_is_room() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        await using var listener = b.Runtime.Network.Listen(new IPEndPoint(b.Address, 4001), 1);
        await a.Runtime.Network.ConnectAsync(listener.Local);
        await simulation.Delay(TimeSpan.FromSeconds(1));
        var dialing = a.Runtime.Network.ConnectAsync(listener.Local).AsTask();
        await simulation.Delay(TimeSpan.FromSeconds(10));
        dialing.IsCompleted.ShouldBeFalse();
        await listener.AcceptAsync();
        await dialing;
    });

    [Fact]
    public Task Nobody_at_an_address_is_silence_and_no_route_is_told() => Simulation.RunAsync(1, async simulation =>
    {
        var network = simulation.AddHost("a").Runtime.Network;
        (await Assert.ThrowsAsync<SocketException>(() => network.ConnectAsync(new IPEndPoint(IPAddress.Parse("9.9.9.9"), 1)).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
        (await Assert.ThrowsAsync<SocketException>(() => network.ConnectAsync(new IPEndPoint(IPAddress.Parse("2a00::1"), 1)).AsTask())).SocketErrorCode.ShouldBe(SocketError.NetworkUnreachable);
        var six = simulation.AddHost("six", null, IPAddress.Parse("2a00::1"), IPAddress.Parse("45.9.9.9"));
        var other = simulation.AddHost("other", null, IPAddress.Parse("2a00::2"));
        var (near, _) = await LinkTests.ConnectAsync(other, six);
        near.Remote.ShouldBeOfType<IPEndPoint>().Address.ShouldBe(six.Address);
    });

    [Fact]
    public Task Two_processes_of_a_host_meet_on_a_path() => Simulation.RunAsync(1, async simulation =>
    {
        var (network, elsewhere) = (simulation.AddHost("a").Runtime.Network, simulation.AddHost("b").Runtime.Network);
        var path = new UnixDomainSocketEndPoint("/run/node.sock");
        await using var listener = network.Listen(path, 8);
        var accepting = listener.AcceptAsync().AsTask();
        await using var near = await network.ConnectAsync(path);
        await using var far = (await accepting)!;
        await near.SendAsync(new byte[1]);
        await LinkTests.ReadAsync(far, 1);
        (await Assert.ThrowsAsync<SocketException>(() => elsewhere.ConnectAsync(path).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    });
}
