using System.Collections.Immutable;
using System.Net;
using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Security.Noise;
using Libp2p.TestKit;
using Libp2p.Transports.Tcp;

namespace Libp2p.Swarm.Tests.Reachability;

public class NetworkWatchTests
{
    private static readonly IPAddress _wifi = IPAddress.Parse("192.0.2.7");

    [Fact]
    public async Task An_interface_that_comes_changes_the_listen_addresses_and_one_that_goes_ends_its_connections()
    {
        var network = new MovingNetwork { Local = [IPAddress.Loopback] };
        await using var nodes = new StackNodes(network, fakeClock: true);
        var node = nodes.Make(1, static options => options.ListenAddresses = [Multiaddr.Parse("/ip4/0.0.0.0/tcp/0")]);
        foreach (var plugin in new IPlugin[] { new TcpPlugin(), new NoisePlugin(), new YamuxPlugin() }) nodes.Add(node, plugin);
        await node.StartAsync();
        await using var events = node.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        node.ListenAddresses.Length.ShouldBe(1);
        nodes.Runtime.Clock.Advance(TimeSpan.FromSeconds(5));

        network.Local = [IPAddress.Loopback, _wifi];
        nodes.Runtime.Clock.Advance(TimeSpan.FromSeconds(5));
        (await NextAsync<ListenAddressesChanged>(events)).Addresses.ShouldContain(address => address.ToString().StartsWith($"/ip4/{_wifi}/tcp/", StringComparison.Ordinal));
        var came = await NextAsync<NetworkChanged>(events);
        came.Added.ShouldBe([_wifi]);
        came.Removed.ShouldBeEmpty();

        var other = await nodes.StartAsync(2);
        var connection = await other.ConnectAsync(StackNodes.AddressOf(node)).Within();
        await Watchdog.Eventually(() => node.Connections.Count == 1);
        network.Local = [_wifi];
        nodes.Runtime.Clock.Advance(TimeSpan.FromSeconds(5));
        (await NextAsync<NetworkChanged>(events)).Removed.ShouldBe([IPAddress.Loopback]);
        await connection.Completion.Within();
        await Watchdog.Eventually(() => node.Connections.Count == 0);
        nodes.Runtime.Clock.Advance(TimeSpan.FromSeconds(20));
        node.ListenAddresses.ShouldHaveSingleItem().ToString().ShouldStartWith($"/ip4/{_wifi}/tcp/");
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<NodeEvent> events) where T : NodeEvent
    {
        while (true)
        {
            (await events.MoveNextAsync().Within()).ShouldBeTrue();
            if (events.Current is T wanted) return wanted;
        }
    }

    /// <summary>The system's sockets, on a machine whose interfaces the test says.</summary>
    private sealed class MovingNetwork : INetwork
    {
        private readonly SystemNetwork _system = new();

        public ImmutableArray<IPAddress> Local { get; set; }

        public ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default) =>
            _system.ConnectAsync(remote, local, cancellationToken);

        public IStreamSocketListener Listen(EndPoint local, int backlog) => _system.Listen(local, backlog);

        public IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null) => _system.BindDatagram(local, options);

        public ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default) => _system.ResolveAsync(host, cancellationToken);

        public ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default) => _system.ResolveTextAsync(name, cancellationToken);

        public ImmutableArray<IPAddress> GetLocalAddresses() => Local;
    }
}
