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

    public IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null) => throw new SocketException((int)SocketError.AddressNotAvailable);

    public ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default) =>
        ValueTask.FromException<ImmutableArray<IPAddress>>(new SocketException((int)SocketError.HostNotFound));

    public ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default) =>
        ValueTask.FromException<ImmutableArray<string>>(new SocketException((int)SocketError.HostNotFound));

    public ImmutableArray<IPAddress> GetLocalAddresses() => [];
}
