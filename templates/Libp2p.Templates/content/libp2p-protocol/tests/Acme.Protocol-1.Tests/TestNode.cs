using Libp2p;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Protocol_1.Tests;

/// <summary>A node with the protocol, listening on a free port of the loopback interface.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestNode(ServiceProvider services) => _services = services;

    private INode Node => _services.GetRequiredService<INode>();

    public static async Task<TestNode> StartAsync(Action<SampleOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddTcp().AddNoise().AddYamux().AddSample(configure).Configure(options => options.Listen.Add("/ip4/127.0.0.1/tcp/0")));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Libp2pNode>().StartAsync().Within();
        return new TestNode(provider);
    }

    public Task<IConnection> ConnectAsync(TestNode other) =>
        Node.ConnectAsync(Multiaddr.Parse($"{other.Node.ListenAddresses[0]}/p2p/{other.Node.PeerId}")).Within();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
