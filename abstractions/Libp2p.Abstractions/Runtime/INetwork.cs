using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Libp2p;

/// <summary>The network as a node sees it: the operating system's, or a simulated one. Thread-safe.</summary>
public interface INetwork
{
    /// <summary>Opens a stream socket to a remote end point.</summary>
    /// <param name="remote">An IP or Unix domain socket end point.</param>
    /// <param name="local">The end point to leave from (port reuse); null: any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">It could not be reached.</exception>
    ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default);

    /// <summary>Binds a stream socket and listens.</summary>
    /// <exception cref="SocketException">The end point is taken or not of this machine.</exception>
    IStreamSocketListener Listen(EndPoint local, int backlog);

    /// <summary>Binds a datagram socket.</summary>
    /// <param name="local">An address of this machine or a wildcard, and a port; 0: a free one.</param>
    /// <param name="options">Null: defaults.</param>
    /// <exception cref="SocketException">The end point is taken or not of this machine.</exception>
    IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null);

    /// <summary>The addresses of a name, IPv4 and IPv6, in the order of the resolver; none where the name has no address. An address in text is its own answer.</summary>
    /// <param name="host">A host name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default);

    /// <summary>
    /// The TXT records of a name, each its character strings joined (RFC 1035, section 3.3.14), in the order of the resolver; none where the name has no such record. Aliases are
    /// followed. What a node got here strangers wrote: at most 64 KiB in all, nothing else is sure.
    /// </summary>
    /// <param name="name">A domain name, such as <c>_dnsaddr.example.org</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">There is no such name (<see cref="SocketError.HostNotFound"/>), or nobody answers (<see cref="SocketError.TryAgain"/>).</exception>
    ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>The unicast addresses of the interfaces that are up, loopback included.</summary>
    ImmutableArray<IPAddress> GetLocalAddresses();
}

/// <summary>A connected stream socket. One receiver and one sender at a time.</summary>
public interface IStreamSocket : IAsyncDisposable
{
    /// <summary>This end.</summary>
    EndPoint Local { get; }

    /// <summary>The other end.</summary>
    EndPoint Remote { get; }

    /// <summary>Receives into the buffer; 0 at the end of the stream. An empty buffer waits until there is data.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Sends the whole buffer. Cancelled while under way, the stream may be cut anywhere: only <see cref="Abort"/> is left.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Sends all the pieces in order, at once where it can. They stay unchanged until it is done. Same rule of cancellation.</summary>
    async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            await SendAsync(pieces[i], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for settings; a network that has no such thing ignores them.</summary>
    void Configure(StreamSocketOptions options)
    {
    }

    /// <summary>Ends the write side; the remote reads the end.</summary>
    void ShutdownSend();

    /// <summary>Ends both sides at once (TCP: reset).</summary>
    void Abort();
}

/// <summary>Settings of a stream socket.</summary>
public sealed record StreamSocketOptions
{
    /// <summary>Whether small writes leave at once (TCP_NODELAY). Default true.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>After how much silence the system probes the remote, and how often then; whole seconds, at least 1. Null: never, the default.</summary>
    public TimeSpan? KeepAlive { get; init; }
}

/// <summary>A listening stream socket.</summary>
public interface IStreamSocketListener : IAsyncDisposable
{
    /// <summary>The end point bound, with its port.</summary>
    EndPoint Local { get; }

    /// <summary>The next connection; null once disposed. One caller at a time.</summary>
    ValueTask<IStreamSocket?> AcceptAsync(CancellationToken cancellationToken = default);
}
