using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Runtime;

public class SystemNetworkContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new();
    private IPEndPoint? _group;

    /// <summary>On loopback, whose interface Linux lets take part; a port that is free, as far as anybody can know.</summary>
    protected override IPEndPoint? Group
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return null;
            using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            return _group ??= new IPEndPoint(IPAddress.Parse("239.255.77.1"), ((IPEndPoint)probe.Client.LocalEndPoint!).Port);
        }
    }

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();

    [Fact]
    public async Task A_name_that_every_machine_knows_is_resolved() => (await _network.ResolveAsync("localhost")).ShouldContain(static address => IPAddress.IsLoopback(address));

    [Fact]
    public async Task A_name_that_nobody_has_is_an_error() => await Should.ThrowAsync<SocketException>(() => _network.ResolveAsync("nobody.invalid").AsTask());
}

public class SystemNetworkWithoutInlineCompletionsContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new(options: new SystemNetworkOptions { InlineCompletions = false });

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();
}
