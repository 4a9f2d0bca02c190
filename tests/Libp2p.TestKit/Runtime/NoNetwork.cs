using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>For who needs a runtime and no sockets.</summary>
internal sealed class NoNetwork : INetwork
{
    public ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default) =>
        throw new SocketException((int)SocketError.NetworkUnreachable);

    public IStreamSocketListener Listen(EndPoint local, int backlog) => throw new SocketException((int)SocketError.AddressNotAvailable);

    public ImmutableArray<IPAddress> GetLocalAddresses() => [];
}
