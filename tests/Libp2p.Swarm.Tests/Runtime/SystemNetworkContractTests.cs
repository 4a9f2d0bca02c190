using System.Net;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Runtime;

public class SystemNetworkContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new();

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();
}

public class SystemNetworkWithoutInlineCompletionsContractTests : NetworkContract
{
    private readonly SystemNetwork _network = new(options: new SystemNetworkOptions { InlineCompletions = false });

    protected override Task RunAsync(Func<NetworkPair, Task> test) => test(new NetworkPair(_network, IPAddress.Loopback, _network, IPAddress.Loopback)).Within();
}
