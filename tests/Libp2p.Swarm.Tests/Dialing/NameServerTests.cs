using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.Swarm.Tests.Runtime;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing;

/// <summary>Names dialed by whole nodes over sockets, answered by a name server that is the test's own.</summary>
public sealed class NameServerTests : IAsyncDisposable
{
    private readonly TestNameServer _server = new();
    private readonly StackNodes _nodes;

    public NameServerTests() => _nodes = new StackNodes(new SystemNetwork(options: new SystemNetworkOptions
    {
        NameServers = [_server.EndPoint],
        NameServerTimeout = TimeSpan.FromMinutes(1),
        AnswerTimeout = TimeSpan.FromMinutes(5),
    }));

    [Theory]
    [InlineData("dns")]
    [InlineData("dns4")]
    public async Task Name_leads_to_its_addresses(string protocol)
    {
        _server.SetAddresses("node.example.org", IPAddress.Loopback);
        var (dialer, listener) = await StartAsync("/ip4/127.0.0.1/tcp/0");
        var connection = await dialer.ConnectAsync(Multiaddr.Parse($"/{protocol}/node.example.org/tcp/{PortOf(listener)}/p2p/{listener.PeerId}")).Within();
        connection.Remote.ShouldBe(listener.ListenAddresses.Single());
    }

    [Fact]
    public async Task Name_of_six_leads_to_its_IPv6_addresses_alone()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        _server.SetAddresses("node.example.org", IPAddress.Loopback, IPAddress.IPv6Loopback);
        var (dialer, listener) = await StartAsync("/ip6/::1/tcp/0");
        var connection = await dialer.ConnectAsync(Multiaddr.Parse($"/dns6/node.example.org/tcp/{PortOf(listener)}/p2p/{listener.PeerId}")).Within();
        connection.Remote.ShouldBe(listener.ListenAddresses.Single());
        var failure = await Should.ThrowAsync<DialException>(dialer.ConnectAsync(Multiaddr.Parse($"/dns4/six.example.org/tcp/1/p2p/{TestIdentity.Stranger.PeerId}")).AsTask().Within());
        failure.Report.Attempts.Single().Error!.Message.ShouldContain("no such name");
    }

    [Fact]
    public async Task Dnsaddr_leads_over_texts_and_names_to_the_peer()
    {
        var (dialer, listener) = await StartAsync("/ip4/127.0.0.1/tcp/0");
        _server.SetAddresses("node.example.org", IPAddress.Loopback);
        _server.Set(
            "_dnsaddr.bootstrap.example.org",
            ["something else"],
            [$"dnsaddr=/ip4/127.0.0.1/tcp/1/p2p/{TestIdentity.Stranger.PeerId}"],
            [$"dnsaddr=/dnsaddr/more.example.org/p2p/{listener.PeerId}"]);
        _server.Set("_dnsaddr.more.example.org", [$"dnsaddr=/dns4/node.example.org/tcp/{PortOf(listener)}", $"/p2p/{listener.PeerId}"]);
        var connection = await dialer.ConnectAsync(Multiaddr.Parse($"/dnsaddr/bootstrap.example.org/p2p/{listener.PeerId}")).Within();
        connection.RemotePeer.ShouldBe(listener.PeerId);
        connection.Remote.ShouldBe(listener.ListenAddresses.Single());
        _server.Asked.ShouldBe(
            ["udp _dnsaddr.bootstrap.example.org", "udp _dnsaddr.more.example.org", "udp node.example.org", "udp node.example.org"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<(SwarmNode Dialer, SwarmNode Listener)> StartAsync(string listen) =>
        (await _nodes.StartAsync(2), await _nodes.StartAsync(1, options => options.ListenAddresses = [Multiaddr.Parse(listen)]));

    private static int PortOf(SwarmNode node) => node.ListenAddresses.Single().TryGetIPEndPoint(out var endPoint) ? endPoint.Port : 0;
}
