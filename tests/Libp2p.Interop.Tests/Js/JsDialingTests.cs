using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.Swarm.Tests.Runtime;

namespace Libp2p.Interop.Tests.Js;

/// <summary>A js peer among addresses of which most are no good, and behind names.</summary>
public sealed class JsDialingTests : JsInterop
{
    private PeerId JsId => PeerId.Parse(Js.PeerId);

    [Fact]
    public async Task Js_is_found_among_dead_slow_and_wrong_addresses()
    {
        await using var impostor = await OurNode.StartAsync();
        using var slow = Listen();
        var right = Multiaddr.Parse(Js.Address).WithoutPeerId()!;
        var connection = await Ours.Node.ConnectAsync(JsId, new ConnectOptions { Addresses = [Dead(), AddressOf(slow), impostor.Node.ListenAddresses[0], right] });
        connection.RemotePeer.ShouldBe(JsId);
        connection.Remote.ShouldBe(right);
        (await Ours.Node.ConnectAsync(JsId)).ShouldBe(connection);
    }

    [Fact]
    public async Task Without_the_right_address_the_report_says_of_each_what_was_wrong()
    {
        await using var impostor = await OurNode.StartAsync();
        var (dead, wrong) = (Dead(), impostor.Node.ListenAddresses[0]);
        var failure = await Should.ThrowAsync<DialException>(async () => await Ours.Node.ConnectAsync(JsId, new ConnectOptions { Addresses = [dead, wrong] }));
        failure.Report.Attempts.Single(attempt => attempt.Address == dead).Error.ShouldBeAssignableTo<TransportException>();
        failure.Report.Attempts.Single(attempt => attempt.Address == wrong).Error.ShouldBeOfType<PeerIdMismatchException>().Actual.ShouldBe(impostor.Node.PeerId);

        // Whoever answered under its name does not stand in the way of the right one.
        (await Ours.Node.ConnectAsync(Multiaddr.Parse(Js.Address))).RemotePeer.ShouldBe(JsId);
    }

    [Fact]
    public async Task Js_is_found_by_dnsaddr_over_two_records_and_by_dns4()
    {
        await using var names = new TestNameServer();
        names.Set("_dnsaddr.bootstrap.test", ["dnsaddr=/dnsaddr/one.bootstrap.test/p2p/" + Js.PeerId], ["dnsaddr=/ip4/127.0.0.1/tcp/1/p2p/" + Stranger], ["something else"]);
        names.Set("_dnsaddr.one.bootstrap.test", ["dnsaddr=" + Js.Address]);
        names.SetAddresses("one.example.test", IPAddress.Loopback);
        await using var ours = await OurNode.StartAsync(names.EndPoint.ToString());
        var byRecords = await ours.Node.ConnectAsync(Multiaddr.Parse($"/dnsaddr/bootstrap.test/p2p/{Js.PeerId}"));
        byRecords.RemotePeer.ShouldBe(JsId);
        byRecords.Remote.ToString().ShouldStartWith("/ip4/127.0.0.1/tcp/");
        await byRecords.CloseAsync();

        var byName = Js.Address.Replace("/ip4/127.0.0.1/", "/dns4/one.example.test/", StringComparison.Ordinal);
        (await ours.Node.ConnectAsync(Multiaddr.Parse(byName))).RemotePeer.ShouldBe(JsId);
    }

    [Fact]
    public async Task Js_comes_by_a_name_to_us()
    {
        var address = Ours.Address.Replace("/ip4/127.0.0.1/", "/dns4/localhost/", StringComparison.Ordinal);
        await Js.MustAsync("dial", new() { ["addr"] = address });
        Ours.Node.Connections.ShouldHaveSingleItem().RemotePeer.ShouldBe(JsId);
    }

    /// <summary>A listener that the system accepts for, and nobody answers on.</summary>
    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>An address on which nobody listens: a port that no system gives away by itself.</summary>
    private static Multiaddr Dead() => Multiaddr.Parse("/ip4/127.0.0.1/tcp/1");

    private static Multiaddr AddressOf(Socket socket) => Multiaddr.FromEndPoint((IPEndPoint)socket.LocalEndPoint!);
}
