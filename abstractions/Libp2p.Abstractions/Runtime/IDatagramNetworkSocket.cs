using System.Net;

namespace Libp2p;

/// <summary>A bound datagram socket (UDP), to any number of remotes. One receiver at a time; sends from any thread. What is not received in time is lost.</summary>
public interface IDatagramNetworkSocket : IAsyncDisposable
{
    /// <summary>The end point bound, with its port.</summary>
    IPEndPoint Local { get; }

    /// <summary>The next datagram. One larger than the buffer is cut off: 65535 bytes hold any. A datagram of no bytes is one too.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The socket was disposed, or broke.</exception>
    ValueTask<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Sends one datagram; done once it has been handed over, which says nothing of its arrival.</summary>
    /// <param name="datagram">Its bytes, unchanged until it is done.</param>
    /// <param name="remote">To whom; an address of the family of <see cref="Local"/>, or a multicast group.</param>
    /// <param name="cancellationToken">Gives up; the datagram may have left.</param>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be sent: too long (<c>MessageSize</c>), no route, not allowed, or the socket was disposed.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint remote, CancellationToken cancellationToken = default);

    /// <summary>Receives what is sent to a multicast group as well, and sends to groups through the same interface.</summary>
    /// <param name="group">A multicast address of the family of <see cref="Local"/>.</param>
    /// <param name="interfaceAddress">An address of the interface to do so on; null: the system chooses.</param>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such interface, or it cannot.</exception>
    void JoinGroup(IPAddress group, IPAddress? interfaceAddress = null);

    /// <summary>Ends <see cref="JoinGroup"/>.</summary>
    void LeaveGroup(IPAddress group, IPAddress? interfaceAddress = null);
}

/// <summary>A datagram that was received.</summary>
/// <param name="Length">Bytes of it in the buffer.</param>
/// <param name="Remote">Who sent it.</param>
public readonly record struct ReceivedDatagram(int Length, IPEndPoint Remote);

/// <summary>How a datagram socket is bound.</summary>
public sealed record DatagramSocketOptions
{
    /// <summary>Whether others who say so too may bind the same port (mDNS). Default false.</summary>
    public bool ShareAddress { get; init; }

    /// <summary>Whether datagrams too large for the path are refused or lost instead of being fragmented. Default false.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Bytes of datagrams that wait to be received; positive. Null: the system's default.</summary>
    public int? ReceiveBuffer { get; init; }

    /// <summary>How many routers a multicast datagram passes, 0 to 255. Default 1: the local network.</summary>
    public int MulticastTimeToLive { get; init; } = 1;

    /// <summary>Whether this machine receives what it sends to a group. Default true.</summary>
    public bool MulticastLoopback { get; init; } = true;
}
