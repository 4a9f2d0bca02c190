using System.Net;

namespace Libp2p.TestKit;

/// <summary>Two ends of a network that reach each other; on a real one both may be the same.</summary>
/// <param name="Near">The network as one end sees it.</param>
/// <param name="NearAddress">An address of that end.</param>
/// <param name="Far">The network as the other end sees it.</param>
/// <param name="FarAddress">An address of the other end.</param>
public sealed record NetworkPair(INetwork Near, IPAddress NearAddress, INetwork Far, IPAddress FarAddress)
{
    internal IStreamSocketListener Listen(int backlog = 8) => Far.Listen(new IPEndPoint(FarAddress, 0), backlog);

    internal async Task<(IStreamSocket Near, IStreamSocket Far)> ConnectAsync(IStreamSocketListener listener, EndPoint? local = null)
    {
        var accepting = listener.AcceptAsync().AsTask();
        var near = await Near.ConnectAsync(listener.Local, local);
        return (near, (await accepting)!);
    }
}
