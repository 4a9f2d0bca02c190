using System.IO.Pipelines;
using System.Net.Sockets;
using Libp2p.Multiformats;

namespace Libp2p.Transports.Tcp;

/// <summary>
/// One TCP connection. One reader and one writer at a time, independent of each other; <see cref="Abort"/> and <see cref="DisposeAsync"/> from any thread. It has no
/// task and no queue: the socket receives when the input is read, and sends when the output is flushed. Owns the socket.
/// </summary>
internal sealed class TcpConnection : IByteConnection, IByteCounts
{
    private readonly IStreamSocket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly TcpReader _input;
    private readonly TcpWriter _output;
    private readonly ConnectionEndpoints _endpoints;

    private TransportException? _failure; // set once; the first wins
    private volatile bool _endedHere;
    private int _gone; // 1 once the socket is closed
    private int _endedSides; // 2 once both sides ended in the ordinary way

    public TcpConnection(IStreamSocket socket, TcpOptions options, IResourceScope? scope)
    {
        _socket = socket;
        _endpoints = new ConnectionEndpoints(TcpAddress.FromEndPoint(socket.Local), TcpAddress.FromEndPoint(socket.Remote));
        _input = new TcpReader(this, socket, options.ReceiveBuffer, scope);
        _output = new TcpWriter(this, socket, options.SendBuffer);
        Closed = _closed.Token;
        TcpMetrics.Open.Add(1);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public CancellationToken Closed { get; }

    public long Received => _input.Received;

    public long Sent => _output.Sent;

    /// <summary>Why nothing can be received or sent any more; null while it can.</summary>
    public TransportException? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether this side ended it: then what was received counts no more.</summary>
    public bool EndedHere => _endedHere;

    private Multiaddr Remote => _endpoints.Remote;

    public object? GetFeature(Type type) =>
        type == typeof(ConnectionEndpoints) ? _endpoints
        : type == typeof(IGatherWriter) ? _output
        : type == typeof(IByteCounts) ? this
        : null;

    public void Abort(Exception? why)
    {
        Interlocked.CompareExchange(ref _failure, TcpErrors.Aborted(Remote, why), null);
        _endedHere = true;
        Break();
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.CompareExchange(ref _failure, TcpErrors.Disposed(Remote), null);
        _endedHere = true;
        return CloseAsync();
    }

    /// <summary>The socket broke, or somebody closed it under a call that was under way. Returns what the call throws.</summary>
    public TransportException Fail(SocketException cause) => Fail(TcpErrors.Broken(Remote, cause));

    /// <summary>The reader above holds on to too much.</summary>
    public TransportException FailUnread(int bytes) => Fail(TcpErrors.Unread(Remote, bytes));

    /// <summary>A limit of this node forbids the memory for what the reader above waits to see whole.</summary>
    public TransportException FailRefused(ResourceDenial denial) => Fail(TcpErrors.Refused(Remote, denial));

    /// <summary>One side ended in the ordinary way: the remote's end was read, or this side's was sent. Called once a side.</summary>
    public void SideEnded()
    {
        if (Interlocked.Increment(ref _endedSides) == 2)
        {
            _ = CloseAsync().AsTask();
        }
    }

    private TransportException Fail(TransportException failure)
    {
        var first = Interlocked.CompareExchange(ref _failure, failure, null) ?? failure;
        Break();
        return first;
    }

    private void Break()
    {
        if (TryLeave())
        {
            _socket.Abort();
            _closed.Cancel();
        }
    }

    private async ValueTask CloseAsync()
    {
        if (TryLeave())
        {
            await _socket.DisposeAsync().ConfigureAwait(false);
            _closed.Cancel();
        }
    }

    private bool TryLeave()
    {
        if (Interlocked.Exchange(ref _gone, 1) != 0)
        {
            return false;
        }

        TcpMetrics.Open.Add(-1);
        return true;
    }
}
