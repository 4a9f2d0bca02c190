using Libp2p.Hosting;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Benchmarks.Throughput;

/// <summary>The transfer over a stream of a node: TCP + Noise + yamux, as anyone embeds it.</summary>
internal static class NodeSide
{
    private static readonly ProtocolId Protocol = "/benchmarks/transfer/1.0.0";

    public static async Task<int> ServeAsync()
    {
        await using var services = Compose("/ip4/127.0.0.1/tcp/0");
        var node = services.GetRequiredService<INode>();
        node.Handle(Protocol, static async (stream, _) => await Transfer.ReceiveAsync(stream).ConfigureAwait(false));
        await services.GetRequiredService<Libp2pNode>().StartAsync().ConfigureAwait(false);
        Console.WriteLine($"{node.ListenAddresses[0]}/p2p/{node.PeerId}");
        Console.In.ReadToEnd();
        return 0;
    }

    public static async Task<int> SendAsync(string address, int mebibytes)
    {
        await using var services = Compose("");
        var node = services.GetRequiredService<INode>();
        await services.GetRequiredService<Libp2pNode>().StartAsync().ConfigureAwait(false);
        var connection = await node.ConnectAsync(Multiaddr.Parse(address)).ConfigureAwait(false);
        var stream = await connection.OpenStreamAsync([Protocol]).ConfigureAwait(false);
        Console.WriteLine((await Transfer.SendAsync(stream, mebibytes).ConfigureAwait(false)).ToLine());
        return 0;
    }

    private static ServiceProvider Compose(string listen)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddTcp().AddNoise().AddYamux().Configure(options => options.Listen.Add(listen)));
        return services.BuildServiceProvider();
    }
}
