namespace Libp2p.Node.Control;

/// <summary>Where clients on this machine come in. Only the user who runs the node, and root, can reach it.</summary>
internal interface IControlListener : IDisposable
{
    /// <summary>The next client. One caller at a time.</summary>
    ValueTask<Stream> AcceptAsync(CancellationToken cancellationToken);
}
