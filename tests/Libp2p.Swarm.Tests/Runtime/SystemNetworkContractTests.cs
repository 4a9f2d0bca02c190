using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Runtime;

public class SystemNetworkContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new();

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();
}

public class SystemDatagramContractTests : DatagramNetworkContract
{
    private readonly SystemNetwork _network = new();
    private IPEndPoint? _group;

    /// <summary>On loopback, whose interface Linux lets take part; a port that is free, as far as anybody can know.</summary>
    protected override IPEndPoint? Group
    {
        get
        {
            if (_group is not null || !OperatingSystem.IsLinux()) return _group;
            using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            return _group = new IPEndPoint(IPAddress.Parse("239.255.77.1"), ((IPEndPoint)probe.Client.LocalEndPoint!).Port);
        }
    }

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();

    /// <summary>The runtime that these tests are for has the switch; its loss would show here first.</summary>
    [Fact]
    public void Sockets_continue_inline_unless_they_are_told_not_to()
    {
        _network.ContinuesInline.ShouldBeTrue();
        new SystemNetwork(options: new SystemNetworkOptions { InlineCompletions = false }).ContinuesInline.ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_every_machine_knows_is_resolved() => (await _network.ResolveAsync("localhost")).ShouldContain(static address => IPAddress.IsLoopback(address));
}

public class SystemNetworkWithoutInlineCompletionsContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new(options: new SystemNetworkOptions { InlineCompletions = false });

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();
}
