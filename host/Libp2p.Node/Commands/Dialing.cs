namespace Libp2p.Node.Commands;

/// <summary>A node that is to connect with one peer, in so much time.</summary>
internal sealed class Dialing(INode node, DialingTarget target, TimeSpan timeout)
{
    public INode Node => node;

    /// <exception cref="Libp2pException">There is no connection, or not in time.</exception>
    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            return target.Address is { } address
                ? await node.ConnectAsync(address, cancellationToken: deadline.Token).ConfigureAwait(false)
                : await node.ConnectAsync(target.Peer!, new ConnectOptions { Addresses = target.Known }, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransportException($"No connection to {target} within {timeout.TotalSeconds} s.", target.Address);
        }
    }
}
