using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Libp2p.Swarm;

/// <summary>
/// A connected socket of the operating system. One receiver and one sender at a time; <see cref="Abort"/> and <see cref="DisposeAsync"/> from any thread. Owns the
/// socket. Receives and sends allocate nothing in steady state.
/// </summary>
internal sealed class SystemStreamSocket : IStreamSocket
{
    private static readonly LingerOption _reset = new(enable: true, seconds: 0);

    private readonly Socket _socket;
    private GatherSend? _gather; // by the sender alone
    private bool _noDelay = true; // as the network makes and accepts them
    private volatile bool _sendEnded;

    public SystemStreamSocket(Socket socket, bool inline)
    {
        _socket = socket;
        Local = socket.LocalEndPoint!;
        Remote = socket.RemoteEndPoint!;
        if (inline)
        {
            InlineCompletions.Enable(socket);
        }
    }

    public EndPoint Local { get; }

    public EndPoint Remote { get; }

    public void Configure(StreamSocketOptions options)
    {
        if (_socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        try
        {
            if (options.NoDelay != _noDelay)
            {
                _socket.NoDelay = _noDelay = options.NoDelay;
            }

            if (options.KeepAlive is { } every)
            {
                var seconds = Math.Max(1, (int)every.TotalSeconds);
                _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
                _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
                _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }
        }
        catch (ObjectDisposedException)
        {
            throw Gone();
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return ValueTask.FromException<int>(Gone());
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return default;
        }

        ValueTask<int> sending;
        try
        {
            sending = _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return ValueTask.FromException(Gone());
        }

        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending, buffer, cancellationToken);
        }

        var sent = sending.Result;
        return sent == buffer.Length ? default : SendAsync(buffer[sent..], cancellationToken);
    }

    public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken = default)
    {
        if (pieces.Count == 1)
        {
            return SendAsync(pieces[0], cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var gather = _gather ??= new GatherSend();
        if (!gather.TryTake(pieces))
        {
            return SendEachAsync(pieces, cancellationToken);
        }

        try
        {
            var sending = gather.SendAsync(_socket);
            return sending.IsCompleted || !cancellationToken.CanBeCanceled ? sending : AbortableAsync(sending, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return ValueTask.FromException(Gone());
        }
    }

    public void ShutdownSend()
    {
        if (_sendEnded)
        {
            return;
        }

        _sendEnded = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone already; whoever reads or writes learns why.
        }
    }

    public void Abort()
    {
        try
        {
            if (_socket.AddressFamily != AddressFamily.Unix)
            {
                _socket.LingerState = _reset;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already: nothing left to reset.
        }

        Release();
    }

    public ValueTask DisposeAsync()
    {
        ShutdownSend();
        Release();
        return default;
    }

    private void Release()
    {
        _socket.Dispose();

        // Under way, it frees itself when it ends.
        _gather?.Dispose();
    }

    private static SocketException Gone() => new((int)SocketError.OperationAborted);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        var rest = buffer[await sending.ConfigureAwait(false)..];
        await SendAsync(rest, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SendEachAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            await SendAsync(pieces[i], cancellationToken).ConfigureAwait(false);
        }
    }

    // A gathered send cannot be called back; a cut stream is of no use, so that the connection goes with it.
    private async ValueTask AbortableAsync(ValueTask sending, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static self => ((SystemStreamSocket)self!).Abort(), this).ConfigureAwait(false);
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (SocketException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The send was given up, and the connection with it.", e, cancellationToken);
        }
    }
}
