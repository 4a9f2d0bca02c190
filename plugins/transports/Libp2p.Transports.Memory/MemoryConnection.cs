using System.IO.Pipelines;

namespace Libp2p.Transports.Memory;

/// <summary>
/// One end of a connection. One reader and one writer at a time, independent of each other; <see cref="Abort"/> and <see cref="DisposeAsync"/> from any thread. No task of its
/// own: whoever waits goes on by the scheduler of its own node.
/// </summary>
internal sealed class MemoryConnection : IByteConnection, IByteCounts
{
    private readonly MemoryPipe _incoming;
    private readonly MemoryPipe _outgoing;
    private readonly PipeScheduler _scheduler;
    private readonly CancellationTokenSource _closed = new();
    private MemoryConnection? _remote;
    private int _gone; // 1 once Closed was cancelled
    private int _inputEnded;
    private int _outputEnded;

    private MemoryConnection(MemoryPipe incoming, MemoryPipe outgoing, ConnectionEndpoints endpoints, PipeScheduler scheduler)
    {
        _incoming = incoming;
        _outgoing = outgoing;
        _scheduler = scheduler;
        Endpoints = endpoints;
        Input = new MemoryReader(incoming, this);
        Output = new MemoryWriter(outgoing, this);
        Closed = _closed.Token;
        MemoryMetrics.Open.Add(1);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public CancellationToken Closed { get; }

    public ConnectionEndpoints Endpoints { get; }

    public long Received => _incoming.Passed;

    public long Sent => _outgoing.Passed;

    /// <summary>Makes both ends.</summary>
    public static (MemoryConnection Dialer, MemoryConnection Listener) Pair(
        ConnectionEndpoints endpoints, PipeScheduler dialerScheduler, PipeScheduler listenerScheduler, MemoryOptions options)
    {
        var up = new MemoryPipe(options, dialerScheduler, listenerScheduler);
        var down = new MemoryPipe(options, listenerScheduler, dialerScheduler);
        var dialer = new MemoryConnection(down, up, endpoints, dialerScheduler);
        var listener = new MemoryConnection(up, down, new ConnectionEndpoints(endpoints.Remote, endpoints.Local), listenerScheduler);
        dialer._remote = listener;
        listener._remote = dialer;
        return (dialer, listener);
    }

    public object? GetFeature(Type type) =>
        type == typeof(ConnectionEndpoints) ? Endpoints
        : type == typeof(IByteCounts) ? this
        : null;

    public void Abort(Exception? why)
    {
        var mine = MemoryErrors.Aborted(Endpoints.Remote, why);
        _incoming.FailReader(mine);
        _outgoing.FailWriter(mine);
        if (TryLeave())
        {
            var theirs = MemoryErrors.Reset(Endpoints.Local);
            _outgoing.FailReader(theirs);
            _incoming.FailWriter(theirs);
            Later(_remote!, static remote => remote.Leave());
            _closed.Cancel();
        }
    }

    public ValueTask DisposeAsync()
    {
        var mine = MemoryErrors.Disposed(Endpoints.Remote);
        _incoming.FailReader(mine);
        _outgoing.FailWriter(mine);
        if (TryLeave())
        {
            _outgoing.EndWriter();
            _incoming.FailWriter(MemoryErrors.Closed(Endpoints.Local));
            Later(_remote!, static remote => remote.OutputEnded());
            _closed.Cancel();
        }

        return default;
    }

    /// <summary>The reader above holds on to too much.</summary>
    public void GiveUpUnread(long bytes)
    {
        var failure = MemoryErrors.Unread(Endpoints.Remote, bytes);
        _incoming.FailReader(failure);
        Abort(failure);
    }

    /// <summary>The remote's end was read.</summary>
    public void InputEnded()
    {
        if (Interlocked.Exchange(ref _inputEnded, 1) == 0 && Volatile.Read(ref _outputEnded) != 0)
        {
            Leave();
        }
    }

    /// <summary>This side has ended its output, or the remote takes no more of it.</summary>
    public void OutputEnded()
    {
        if (Interlocked.Exchange(ref _outputEnded, 1) == 0 && Volatile.Read(ref _inputEnded) != 0)
        {
            Leave();
        }
    }

    // The remote's callbacks run where the remote's continuations do.
    private static void Later(MemoryConnection remote, Action<MemoryConnection> action)
    {
        if (Volatile.Read(ref remote._gone) == 0)
        {
            remote._scheduler.Schedule(static state =>
            {
                var (remote, action) = ((MemoryConnection, Action<MemoryConnection>))state!;
                action(remote);
            }, (remote, action));
        }
    }

    private void Leave()
    {
        if (TryLeave())
        {
            _closed.Cancel();
        }
    }

    private bool TryLeave()
    {
        if (Interlocked.Exchange(ref _gone, 1) != 0)
        {
            return false;
        }

        MemoryMetrics.Open.Add(-1);
        return true;
    }
}
