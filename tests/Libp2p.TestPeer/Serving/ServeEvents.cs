namespace Libp2p.TestPeer.Serving;

/// <summary>The events of a node in the words of the contract.</summary>
internal static class ServeEvents
{
    public static async Task PrintAsync(INode node, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in node.Events(cancellationToken).ConfigureAwait(false)) Print(node, happened);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void Print(INode node, NodeEvent happened)
    {
        switch (happened)
        {
            case ConnectionOpened e:
                Lines.Print("connection", json => json.Describe(e.Connection));
                break;
            case ConnectionClosed e:
                Lines.Print("disconnection", json => json.Describe(e.Connection));
                break;
            case PeerIdentified e:
                Lines.Print("identify", json => json.Describe(e.Info));
                break;
            case PerfServed e:
                Lines.Print("perf", json =>
                {
                    json.WriteString("peer", e.Connection.RemotePeer.ToString());
                    json.WriteNumber("upload", e.Uploaded);
                    json.WriteNumber("download", e.Downloaded);
                });
                break;
            case ListenAddressesChanged or ExternalAddressesChanged or ProtocolsChanged:
                Lines.Print("self-update", json => json.Strings("addrs", node.ListenAddresses.Union(node.ExternalAddresses).Select(a => $"{a}/p2p/{node.PeerId}")));
                break;
        }
    }
}
