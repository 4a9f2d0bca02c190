using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Transports.Tcp;

/// <summary>TCP over IPv4 and IPv6: <c>/ip4/ADDRESS/tcp/PORT</c>, <c>/ip6/ADDRESS/tcp/PORT</c>. Thread-safe.</summary>
internal sealed class TcpTransport(IOptions<TcpOptions> options, ILogger<TcpTransport> logger) : IByteTransport
{
    /// <summary>Leaves room for transports that know a part of the address space better.</summary>
    private const int Rank = 100;

    private readonly TcpOptions _options = options.Value;
    private readonly StreamSocketOptions _socketOptions = new() { NoDelay = options.Value.NoDelay, KeepAlive = options.Value.KeepAlive };
    private ImmutableArray<TcpListener> _listeners = [];

    public int DialRank(Multiaddr address) => TcpAddress.Fits(address) ? Rank : 0;

    public bool CanListen(Multiaddr address) => TcpAddress.Fits(address);

    public async ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        var endPoint = TcpAddress.ToEndPoint(remote);
        cancellationToken.ThrowIfCancellationRequested();
        IStreamSocket? socket = null;
        try
        {
            socket = await ConnectAsync(remote, endPoint, context, cancellationToken).ConfigureAwait(false);
            socket.Configure(_socketOptions);
            return new TcpConnection(socket, _options, context.Scope);
        }
        catch (SocketException e)
        {
            socket?.Abort();
            TcpMetrics.DialsFailed.Add(1);
            throw TcpErrors.Dial(remote, e);
        }
    }

    public ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
    {
        var endPoint = TcpAddress.ToEndPoint(local);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var socket = context.Runtime.Network.Listen(endPoint, Math.Max(1, context.Backlog));
            var listener = new TcpListener(socket, TcpAddress.Bound(local, socket.Local), _options, _socketOptions, logger, Forget);
            ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);
            TcpLog.Listening(logger, listener.Address);
            return ValueTask.FromResult<IListener<IByteConnection>>(listener);
        }
        catch (SocketException e)
        {
            throw TcpErrors.Listen(local, e);
        }
    }

    private async ValueTask<IStreamSocket> ConnectAsync(Multiaddr remote, IPEndPoint endPoint, DialContext context, CancellationToken cancellationToken)
    {
        var network = context.Runtime.Network;
        if (_options.PortReuse && context.PortUse == PortUse.Reuse && FindLocal(endPoint) is { } home)
        {
            try
            {
                return await network.ConnectAsync(endPoint, home.EndPoint, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (IsOfLocalPort(e.SocketErrorCode))
            {
                TcpLog.PortNotReused(logger, remote, home.Address, e);
            }
        }

        return await network.ConnectAsync(endPoint, null, cancellationToken).ConfigureAwait(false);
    }

    // A connection between these two ports may exist already, or have existed a moment ago.
    private static bool IsOfLocalPort(SocketError error) =>
        error is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied or SocketError.InvalidArgument
            or SocketError.IsConnected or SocketError.OperationNotSupported;

    private TcpListener? FindLocal(IPEndPoint remote)
    {
        foreach (var listener in _listeners)
        {
            if (listener.EndPoint is { } local && TcpAddress.CanLeaveFrom(local, remote))
            {
                return listener;
            }
        }

        return null;
    }

    private void Forget(TcpListener listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Remove(one), listener);
        TcpLog.Unbound(logger, listener.Address);
    }
}
