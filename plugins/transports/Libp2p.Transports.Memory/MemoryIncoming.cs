using Libp2p.Multiformats;

namespace Libp2p.Transports.Memory;

/// <summary>A memory connection that arrived. Owns it until it is completed.</summary>
internal sealed class MemoryIncoming(MemoryConnection arrived) : IIncoming<IByteConnection>
{
    private MemoryConnection? _connection = arrived;

    public Multiaddr Local { get; } = arrived.Endpoints.Local;

    public Multiaddr Remote { get; } = arrived.Endpoints.Remote;

    public bool AddressValidated => true;

    public ValueTask<IByteConnection> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = Interlocked.Exchange(ref _connection, null)
            ?? throw new InvalidOperationException("The connection was completed or refused before.");
        return ValueTask.FromResult<IByteConnection>(connection);
    }

    public bool TryRetry() => false;

    public void Refuse() => Interlocked.Exchange(ref _connection, null)?.Abort(null);

    public ValueTask DisposeAsync()
    {
        Refuse();
        return default;
    }
}
