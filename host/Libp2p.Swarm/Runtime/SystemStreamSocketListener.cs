using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.Swarm;

/// <summary>Where a listener's sockets come from; a seam for the errors that an operating system seldom shows.</summary>
internal interface IAcceptor : IDisposable
{
    EndPoint Local { get; }

    ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken);
}

internal sealed class SocketAcceptor(Socket socket) : IAcceptor
{
    public EndPoint Local { get; } = socket.LocalEndPoint!;

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => socket.AcceptAsync(cancellationToken);

    public void Dispose() => socket.Dispose();
}

/// <summary>
/// A listening socket. One caller accepts at a time; disposing is safe from any thread and wakes it. Accepting survives what happens to single connections,
/// and waits out a shortage of descriptors or memory: 50 ms at first, twice as long each time, at most a second.
/// </summary>
internal sealed class SystemStreamSocketListener : IStreamSocketListener
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);
    private static readonly Meter _meter = new(Telemetry.MeterName);
    private static readonly Counter<long> _shortages = _meter.CreateCounter<long>(
        "libp2p.network.accept.shortages", "{shortage}", "Accepts put off because the process ran out of descriptors or memory.");

    private readonly IAcceptor _acceptor;
    private readonly bool _inline;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _disposed = new();

    public SystemStreamSocketListener(IAcceptor acceptor, bool inline, TimeProvider time)
    {
        _acceptor = acceptor;
        _inline = inline;
        _time = time;
        Local = acceptor.Local;
    }

    public EndPoint Local { get; }

    public async ValueTask<IStreamSocket?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pause = _firstPause;
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                var socket = await _acceptor.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (Wrap(socket) is { } accepted)
                {
                    return accepted;
                }
            }
            catch (Exception e) when (_disposed.IsCancellationRequested && e is SocketException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException e) when (IsShortage(e.SocketErrorCode))
            {
                _shortages.Add(1);
                if (!await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }

                pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
            }
            catch (SocketException e) when (IsOfOneConnection(e.SocketErrorCode))
            {
                // That connection broke while it waited to be accepted. The next may be sound.
            }
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _acceptor.Dispose();
        }

        return default;
    }

    // EMFILE, ENFILE, ENOBUFS; ENOMEM and what else has no name of its own arrive as SocketError.
    private static bool IsShortage(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit or SocketError.SocketError;

    // accept(2): Linux passes on the errors already pending on the new socket.
    private static bool IsOfOneConnection(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.HostUnreachable or SocketError.ProtocolOption or SocketError.ProtocolNotSupported or SocketError.OperationNotSupported
            or SocketError.TimedOut or SocketError.ConnectionRefused or SocketError.Interrupted or SocketError.TryAgain;

    private SystemStreamSocket? Wrap(Socket socket)
    {
        try
        {
            if (socket.AddressFamily != AddressFamily.Unix)
            {
                socket.NoDelay = true;
            }

            return new SystemStreamSocket(socket, _inline);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
            return null;
        }
    }

    private async ValueTask<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            await Task.Delay(pause, _time, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
