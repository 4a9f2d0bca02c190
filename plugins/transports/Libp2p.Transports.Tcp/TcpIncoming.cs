using Libp2p.Multiformats;

namespace Libp2p.Transports.Tcp;

/// <summary>A TCP connection that arrived. The handshake of TCP has shown that the remote receives at its address. Owns the socket until it is completed.</summary>
internal sealed class TcpIncoming : IIncoming<IByteConnection>
{
    private readonly TcpOptions _options;
    private IStreamSocket? _socket;

    public TcpIncoming(IStreamSocket socket, TcpOptions options)
    {
        _socket = socket;
        _options = options;
        Local = TcpAddress.FromEndPoint(socket.Local);
        Remote = TcpAddress.FromEndPoint(socket.Remote);
    }

    public Multiaddr Local { get; }

    public Multiaddr Remote { get; }

    public bool AddressValidated => true;

    public ValueTask<IByteConnection> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var socket = Interlocked.Exchange(ref _socket, null)
            ?? throw new InvalidOperationException("The connection was completed or refused before.");
        return ValueTask.FromResult<IByteConnection>(new TcpConnection(socket, _options, context.Scope));
    }

    public bool TryRetry() => false;

    public void Refuse() => Interlocked.Exchange(ref _socket, null)?.Abort();

    public ValueTask DisposeAsync()
    {
        Refuse();
        return default;
    }
}
