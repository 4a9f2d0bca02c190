using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Transports.Tcp.Tests;

public sealed class TcpTransportTests
{
    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/80", true)]
    [InlineData("/ip6/::1/tcp/0", true)]
    [InlineData("/ip6zone/eth0/ip6/fe80::1/tcp/80", true)]
    [InlineData("/ip4/1.2.3.4", false)]
    [InlineData("/ip6/::1", false)]
    [InlineData("/ip6zone/eth0/ip4/1.2.3.4/tcp/80", false)]
    [InlineData("/ip4/1.2.3.4/udp/80", false)]
    [InlineData("/ip4/1.2.3.4/tcp/80/ws", false)]
    [InlineData("/ip4/1.2.3.4/tcp/80/tcp/80", false)]
    [InlineData("/tcp/80", false)]
    [InlineData("/dns4/localhost/tcp/80", false)]
    [InlineData("/ip4/1.2.3.4/udp/80/quic-v1", false)]
    [InlineData("/ip4/1.2.3.4/tcp/80/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", false)]
    public async Task Dials_and_listens_on_exactly_its_own_addresses(string text, bool fits)
    {
        var address = Multiaddr.Parse(text);
        var transport = TcpFixture.Transport();
        (transport.DialRank(address) > 0).ShouldBe(fits);
        transport.CanListen(address).ShouldBe(fits);
        if (!fits)
        {
            await Should.ThrowAsync<AddressException>(() => transport.DialAsync(address, TcpFixture.Dial()).AsTask());
            await Should.ThrowAsync<AddressException>(() => transport.ListenAsync(address, TcpFixture.Listen()).AsTask());
        }
    }

    [Fact]
    public async Task The_port_is_filled_in_and_the_rest_stays_as_asked()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(Multiaddr.Parse("/ip4/0.0.0.0/tcp/0"), TcpFixture.Listen());
        var address = listener.Addresses.ShouldHaveSingleItem();
        address.TryGetIPEndPoint(out var endPoint).ShouldBeTrue();
        endPoint.Address.ShouldBe(IPAddress.Any);
        endPoint.Port.ShouldNotBe(0);
        address.Has(MultiaddrProtocol.P2p).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_bind_fails_and_says_what_to_do()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        var taken = await Should.ThrowAsync<TransportException>(() => TcpFixture.Transport().ListenAsync(listener.Addresses[0], TcpFixture.Listen()).AsTask());
        taken.Address.ShouldBe(listener.Addresses[0]);
        taken.Message.ShouldContain("in use");
        taken.Message.ShouldContain("port 0");

        // The first is not disturbed.
        await ConnectAndCloseAsync(listener);
    }

    [Fact]
    public async Task An_address_of_another_machine_cannot_be_bound()
    {
        var foreign = await Should.ThrowAsync<TransportException>(
            () => TcpFixture.Transport().ListenAsync(Multiaddr.Parse("/ip4/192.0.2.1/tcp/0"), TcpFixture.Listen()).AsTask());
        foreign.Message.ShouldContain("not an address of this machine");
    }

    [Fact]
    public async Task An_unknown_interface_is_named()
    {
        var unknown = await Should.ThrowAsync<AddressException>(
            () => TcpFixture.Transport().DialAsync(Multiaddr.Parse("/ip6zone/nosuchcard/ip6/fe80::1/tcp/1"), TcpFixture.Dial()).AsTask());
        unknown.Message.ShouldContain("'nosuchcard'");
    }

    [Fact]
    public async Task Both_families_listen_on_one_port()
    {
        var transport = TcpFixture.Transport();
        await using var six = await transport.ListenAsync(Multiaddr.Parse("/ip6/::/tcp/0"), TcpFixture.Listen());
        six.Addresses[0].TryGetIPEndPoint(out var bound).ShouldBeTrue();
        await using var four = await transport.ListenAsync(Multiaddr.Parse($"/ip4/0.0.0.0/tcp/{bound!.Port}"), TcpFixture.Listen());

        await ConnectAndCloseAsync(six, Multiaddr.Parse($"/ip6/::1/tcp/{bound.Port}"));
        await ConnectAndCloseAsync(four, Multiaddr.Parse($"/ip4/127.0.0.1/tcp/{bound.Port}"));
    }

    [Fact]
    public async Task Both_ends_know_the_addresses()
    {
        await using var pair = await TcpFixture.PairAsync();
        var near = (ConnectionEndpoints)pair.Dialer.GetFeature(typeof(ConnectionEndpoints))!;
        var far = (ConnectionEndpoints)pair.Listener.GetFeature(typeof(ConnectionEndpoints))!;
        near.Remote.ShouldBe(pair.Socket.Addresses[0]);
        far.Local.ShouldBe(near.Remote);
        far.Remote.ShouldBe(near.Local);
    }

    [Fact]
    public async Task Incoming_knows_both_addresses_before_it_is_taken()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        var accepting = listener.AcceptAsync().AsTask();
        await using var dialed = await TcpFixture.Transport().DialAsync(listener.Addresses[0], TcpFixture.Dial()).Within();
        await using var incoming = (await accepting.Within()).ShouldNotBeNull();
        incoming.Local.ShouldBe(listener.Addresses[0]);
        incoming.Remote.ShouldBe(((ConnectionEndpoints)dialed.GetFeature(typeof(ConnectionEndpoints))!).Local);
        incoming.AddressValidated.ShouldBeTrue();
        incoming.TryRetry().ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_connection_is_reset_and_cannot_be_taken()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        var accepting = listener.AcceptAsync().AsTask();
        await using var dialed = await TcpFixture.Transport().DialAsync(listener.Addresses[0], TcpFixture.Dial()).Within();
        var incoming = (await accepting.Within()).ShouldNotBeNull();
        incoming.Refuse();
        await Should.ThrowAsync<TransportException>(() => dialed.Input.ReadAsync().AsTask().Within());
        await Should.ThrowAsync<InvalidOperationException>(() => incoming.CompleteAsync(TcpFixture.Upgrade).AsTask());
        await incoming.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_an_incoming_that_was_not_taken_refuses_it_and_one_that_was_does_nothing()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        var accepting = listener.AcceptAsync().AsTask();
        await using var first = await TcpFixture.Transport().DialAsync(listener.Addresses[0], TcpFixture.Dial()).Within();
        await (await accepting.Within())!.DisposeAsync();
        await Should.ThrowAsync<TransportException>(() => first.Input.ReadAsync().AsTask().Within());

        accepting = listener.AcceptAsync().AsTask();
        await using var second = await TcpFixture.Transport().DialAsync(listener.Addresses[0], TcpFixture.Dial()).Within();
        var incoming = (await accepting.Within())!;
        await using var taken = await incoming.CompleteAsync(TcpFixture.Upgrade);
        await incoming.DisposeAsync();
        await taken.Output.WriteAsync(new byte[] { 1 });
        (await second.Input.ReadAsync().Within()).Buffer.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_dial_to_nobody_fails_at_once_and_says_what_to_do()
    {
        var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        await listener.DisposeAsync();
        var refused = await Should.ThrowAsync<TransportException>(
            () => TcpFixture.Transport().DialAsync(listener.Addresses[0], TcpFixture.Dial()).AsTask().Within());
        refused.Address.ShouldBe(listener.Addresses[0]);
        refused.Layer.ShouldBe(ConnectionLayer.Transport);
        refused.Message.ShouldContain(listener.Addresses[0].ToString());
        refused.Message.ShouldContain("refused");
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "refused")]
    [InlineData(SocketError.NetworkUnreachable, "unreachable")]
    [InlineData(SocketError.HostUnreachable, "unreachable")]
    [InlineData(SocketError.TimedOut, "timed out")]
    [InlineData(SocketError.AccessDenied, "permission denied")]
    [InlineData(SocketError.TooManyOpenSockets, "ulimit")]
    [InlineData(SocketError.AddressFamilyNotSupported, "address family")]
    [InlineData(SocketError.ConnectionReset, "reset by the remote")]
    [InlineData(SocketError.VersionNotSupported, "VersionNotSupported")]
    public async Task Every_failure_to_dial_is_typed_and_explained(SocketError error, string hint)
    {
        var remote = Multiaddr.Parse("/ip4/192.0.2.7/tcp/4001");
        var failed = await Should.ThrowAsync<TransportException>(
            () => TcpFixture.Transport().DialAsync(remote, TcpFixture.Dial(network: new BrokenNetwork(error))).AsTask());
        failed.Address.ShouldBe(remote);
        failed.Message.ShouldContain(hint);
        failed.InnerException.ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(error);

        var unbound = await Should.ThrowAsync<TransportException>(
            () => TcpFixture.Transport().ListenAsync(remote, TcpFixture.Listen(new BrokenNetwork(error))).AsTask());
        unbound.Message.ShouldContain(hint);
    }

    [Fact]
    public async Task Cancelled_before_a_dial_fails_and_reaches_nobody()
    {
        var network = new BrokenNetwork(SocketError.Fault);
        await Should.ThrowAsync<OperationCanceledException>(() => TcpFixture.Transport()
            .DialAsync(Multiaddr.Parse("/ip4/127.0.0.1/tcp/1"), TcpFixture.Dial(network: network), new CancellationToken(true)).AsTask());
        network.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_accept_leaves_the_next_and_others_working()
    {
        var transport = TcpFixture.Transport();
        await using var listener = await transport.ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        await using var other = await transport.ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        using var cancel = new CancellationTokenSource();
        var accepting = listener.AcceptAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => accepting.Within());
        await ConnectAndCloseAsync(listener);
        await ConnectAndCloseAsync(other);
    }

    [Fact]
    public async Task Unbinding_wakes_the_accepter_frees_the_port_and_leaves_connections_alone()
    {
        var transport = TcpFixture.Transport();
        await using var pair = await TcpFixture.PairAsync();
        var accepting = pair.Socket.AcceptAsync().AsTask();
        await pair.Socket.UnbindAsync();
        (await accepting.Within()).ShouldBeNull();
        (await pair.Socket.AcceptAsync().Within()).ShouldBeNull();
        await Should.ThrowAsync<TransportException>(() => transport.DialAsync(pair.Socket.Addresses[0], TcpFixture.Dial()).AsTask().Within());

        await pair.Dialer.Output.WriteAsync(new byte[] { 1 });
        (await pair.Listener.Input.ReadAsync().Within()).Buffer.Length.ShouldBe(1);

        await using var again = await transport.ListenAsync(pair.Socket.Addresses[0], TcpFixture.Listen());
        again.Addresses.ShouldBe(pair.Socket.Addresses);
    }

    [Fact]
    public async Task A_dial_leaves_from_the_listening_port_where_asked()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Port reuse is promised on Linux.");
        var transport = TcpFixture.Transport();
        await using var home = await transport.ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        await using var away = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());

        await using var reused = await transport.DialAsync(away.Addresses[0], TcpFixture.Dial()).Within();
        LocalOf(reused).ShouldBe(home.Addresses[0]);

        // The same pair of ports is taken now: the dial still succeeds.
        await using var second = await transport.DialAsync(away.Addresses[0], TcpFixture.Dial()).Within();
        LocalOf(second).ShouldNotBe(home.Addresses[0]);

        await using var fresh = await transport.DialAsync(away.Addresses[0], TcpFixture.Dial(PortUse.Fresh)).Within();
        LocalOf(fresh).ShouldNotBe(home.Addresses[0]);

        await ConnectAndCloseAsync(home);

        await using var without = await TcpFixture.Transport(new TcpOptions { PortReuse = false }).DialAsync(away.Addresses[0], TcpFixture.Dial()).Within();
        LocalOf(without).ShouldNotBe(home.Addresses[0]);
    }

    [Theory]
    [InlineData("/ip4/0.0.0.0/tcp/0", "/ip4/127.0.0.1/tcp/0")]
    [InlineData("/ip6/::/tcp/0", "/ip6/::1/tcp/0")]
    public async Task A_dial_leaves_from_the_port_of_a_wildcard_listener(string home, string away)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Port reuse is promised on Linux.");
        var transport = TcpFixture.Transport();
        await using var listener = await transport.ListenAsync(Multiaddr.Parse(home), TcpFixture.Listen());
        await using var remote = await TcpFixture.Transport().ListenAsync(Multiaddr.Parse(away), TcpFixture.Listen());
        await using var dialed = await transport.DialAsync(remote.Addresses[0], TcpFixture.Dial()).Within();
        PortOf(LocalOf(dialed)).ShouldBe(PortOf(listener.Addresses[0]));

        static int PortOf(Multiaddr address) => address.TryGetIPEndPoint(out var endPoint) ? endPoint.Port : 0;
    }

    [Fact]
    public void A_zone_is_an_interface_by_name_or_number()
    {
        var loopback = NetworkInterface.GetAllNetworkInterfaces().First(static card => card.NetworkInterfaceType == NetworkInterfaceType.Loopback);
        var index = loopback.GetIPProperties().GetIPv6Properties().Index;
        TcpAddress.ToEndPoint(Multiaddr.Parse($"/ip6zone/{loopback.Name}/ip6/fe80::1/tcp/4001")).ShouldBe(new IPEndPoint(new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), index), 4001));
        TcpAddress.ToEndPoint(Multiaddr.Parse($"/ip6zone/{index}/ip6/fe80::1/tcp/4001")).Address.ScopeId.ShouldBe(index);
    }

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.1", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "10.0.0.1", false)]
    [InlineData("10.0.0.2", "10.0.0.1", false)]
    [InlineData("::", "10.0.0.1", false)]
    [InlineData("::", "2001:db8::1", true)]
    public void Which_listener_a_dial_can_leave_from(string listener, string remote, bool can)
    {
        TcpAddress.CanLeaveFrom(new IPEndPoint(IPAddress.Parse(listener), 4001), new IPEndPoint(IPAddress.Parse(remote), 4001)).ShouldBe(can && listener != remote);
        TcpAddress.CanLeaveFrom(new IPEndPoint(IPAddress.Parse(listener), 4001), new IPEndPoint(IPAddress.Parse(remote), 4002)).ShouldBe(can);
    }

    [Fact]
    public async Task One_hundred_and_twenty_eight_connections_at_once()
    {
        await using var listener = await TcpFixture.Transport().ListenAsync(TcpFixture.AnyLoopback, TcpFixture.Listen());
        var serving = ServeAsync();
        var transport = TcpFixture.Transport();
        await Task.WhenAll(Enumerable.Range(0, 128).Select(async number =>
        {
            await using var connection = await transport.DialAsync(listener.Addresses[0], TcpFixture.Dial()).Within();
            await connection.Output.WriteAsync(new[] { (byte)number });
            var read = await connection.Input.ReadAsync().Within();
            read.Buffer.FirstSpan[0].ShouldBe((byte)number);
            connection.Input.AdvanceTo(read.Buffer.End);
        }));
        await listener.UnbindAsync();
        await serving.Within();

        async Task ServeAsync()
        {
            List<Task> echoes = [];
            while (await listener.AcceptAsync() is { } incoming)
            {
                echoes.Add(EchoAsync(await incoming.CompleteAsync(TcpFixture.Upgrade)));
            }

            await Task.WhenAll(echoes);
        }

        static async Task EchoAsync(IByteConnection connection)
        {
            await using var owned = connection;
            var read = await connection.Input.ReadAsync();
            await connection.Output.WriteAsync(new[] { read.Buffer.FirstSpan[0] });
            connection.Input.AdvanceTo(read.Buffer.End);
            await connection.Input.ReadAsync();
        }
    }

    private static Multiaddr LocalOf(IByteConnection connection) => ((ConnectionEndpoints)connection.GetFeature(typeof(ConnectionEndpoints))!).Local;

    private static async Task ConnectAndCloseAsync(IListener<IByteConnection> listener, Multiaddr? address = null)
    {
        var accepting = listener.AcceptAsync().AsTask();
        await using var dialed = await TcpFixture.Transport().DialAsync(address ?? listener.Addresses[0], TcpFixture.Dial()).Within();
        await using var incoming = (await accepting.Within()).ShouldNotBeNull();
    }

    private sealed class BrokenNetwork(SocketError error) : INetwork
    {
        public int Calls { get; private set; }

        public ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            throw new SocketException((int)error);
        }

        public IStreamSocketListener Listen(EndPoint local, int backlog) => throw new SocketException((int)error);

        public IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null) => throw new SocketException((int)error);

        public ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default) => throw new SocketException((int)error);

        public ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default) => throw new SocketException((int)error);

        public ImmutableArray<IPAddress> GetLocalAddresses() => [];
    }
}
