namespace Libp2p.TestKit;

/// <summary>No reservation survives its owner: what every test asks of a node that has stopped.</summary>
public static class NodeResources
{
    /// <summary>Fails where a node that has stopped still holds anything.</summary>
    /// <exception cref="InvalidOperationException">It does; the message says what.</exception>
    public static void AssertNothingHeld(this INode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var report = node.Governor.Report();
        var held = report.Node.Where(static use => use.Used != 0).Select(static use => $"{use.Used} {use.Name}")
            .Concat(report.Peers.Select(static peer => $"{peer.Peer}: {peer.Connections} connections, {peer.Streams} streams, {peer.Bytes} bytes"))
            .Concat(report.Protocols.Select(static protocol => $"{protocol.Protocol}: {protocol.Streams} streams, {protocol.Bytes} bytes"))
            .ToList();
        if (held.Count > 0) throw new InvalidOperationException($"The node has stopped and still holds {string.Join("; ", held)}.");
    }
}
