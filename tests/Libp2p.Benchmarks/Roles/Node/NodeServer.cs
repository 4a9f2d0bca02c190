namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>The serving node.</summary>
internal static class NodeServer
{
    public static async Task<string> StartAsync(bool inline)
    {
        var node = await BenchmarkNode.StartAsync("/ip4/127.0.0.1/tcp/0", inline).ConfigureAwait(false);
        NodeProtocols.Serve(node.Node);
        return $"{node.Node.ListenAddresses[0]}/p2p/{node.Node.PeerId}";
    }
}
