using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Transports.Tcp;

/// <summary>
/// A bound TCP port. One caller accepts at a time; unbinding is safe from any thread. Connections that nobody accepts wait in the kernel, at most
/// <see cref="ListenContext.Backlog"/> of them; further ones wait at the remote or are refused.
/// </summary>
internal sealed class TcpListener : IListener<IByteConnection>
{
    private readonly IStreamSocketListener _socket;
    private readonly TcpOptions _options;
    private readonly StreamSocketOptions _socketOptions;
    private readonly ILogger _logger;
    private Action<TcpListener>? _unbound;

    public TcpListener(
        IStreamSocketListener socket, Multiaddr address, TcpOptions options, StreamSocketOptions socketOptions, ILogger logger, Action<TcpListener> unbound)
    {
        _socket = socket;
        _options = options;
        _socketOptions = socketOptions;
        _logger = logger;
        _unbound = unbound;
        Address = address;
        Addresses = [address];
        EndPoint = socket.Local as IPEndPoint;
    }

    /// <summary>A bound port stays what it is.</summary>
    public event Action? AddressesChanged
    {
        add { }
        remove { }
    }

    public Multiaddr Address { get; }

    public IPEndPoint? EndPoint { get; }

    public ImmutableArray<Multiaddr> Addresses { get; }

    public async ValueTask<IIncoming<IByteConnection>?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            IStreamSocket? socket = null;
            try
            {
                socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (socket is null)
                {
                    return null;
                }

                TcpMetrics.Accepted.Add(1);
                socket.Configure(_socketOptions);
                return new TcpIncoming(socket, _options);
            }
            catch (SocketException e) when (socket is not null)
            {
                TcpLog.GoneBeforeUse(_logger, Address, e);
                socket.Abort();
            }
            catch (SocketException e)
            {
                throw TcpErrors.Accept(Address, e);
            }
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _unbound, null) is { } unbound)
        {
            await _socket.DisposeAsync().ConfigureAwait(false);
            unbound(this);
        }
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
