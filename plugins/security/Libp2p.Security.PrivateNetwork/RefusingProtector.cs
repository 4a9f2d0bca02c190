namespace Libp2p.Security.PrivateNetwork;

/// <summary>Stands where a key was configured and cannot be used: the node then talks to nobody, rather than to everybody.</summary>
internal sealed class RefusingProtector(string why) : IConnectionProtector
{
    /// <inheritdoc/>
    public ValueTask<IByteConnection> ProtectAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default) =>
        throw new SecureChannelException($"The key of the private network cannot be used, and without it there is no connection: {why}");
}
