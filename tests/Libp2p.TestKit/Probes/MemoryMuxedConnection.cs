namespace Libp2p.TestKit.Probes;

/// <summary>One end of a muxed connection in memory: no wire, no frames, the same promises. Fields are guarded by the gate that both ends share.</summary>
internal sealed class MemoryMuxedConnection : IMuxedConnection
{
    /// <summary>Credit of each way of a stream, in bytes.</summary>
    private const int Window = 256 * 1024;

    /// <summary>Streams that may wait to be accepted; more are reset.</summary>
    private const int Backlog = 256;

    private readonly Lock _gate;
    private readonly TaskCompletionSource<ConnectionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<ulong, MemoryMuxedStream> _streams = [];
    private readonly Queue<MemoryMuxedStream> _waiting = new();
    private TaskCompletionSource? _accepting;
    private ConnectionEnd? _end;
    private ulong _nextId;

    private MemoryMuxedConnection(Lock gate, ulong firstId)
    {
        _gate = gate;
        _nextId = firstId;
    }

    public Task<ConnectionEnd> Completion => _completion.Task;

    private MemoryMuxedConnection Peer { get; set; } = null!;

    /// <summary>Two ends of one connection.</summary>
    public static (MemoryMuxedConnection Dialer, MemoryMuxedConnection Listener) Create()
    {
        var gate = new Lock();
        var dialer = new MemoryMuxedConnection(gate, 0);
        var listener = new MemoryMuxedConnection(gate, 1) { Peer = dialer };
        dialer.Peer = listener;
        return (dialer, listener);
    }

    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_end is { } end) throw new ConnectionClosedException(end);
            var up = new MemoryChannel(Window, MemorySegmentation.Whole, isStream: true);
            var down = new MemoryChannel(Window, MemorySegmentation.Whole, isStream: true);
            var id = _nextId;
            _nextId += 2;
            var mine = new MemoryMuxedStream(this, id, down, up, announced: false);
            var theirs = new MemoryMuxedStream(Peer, id, up, down, announced: true) { Peer = mine };
            mine.Peer = theirs;
            _streams.Add(id, mine);
            return new(mine);
        }
    }

    public async ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task wake;
            lock (_gate)
            {
                if (_end is not null) return null;
                if (_waiting.TryDequeue(out var stream)) return stream;
                wake = (_accepting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Abort(ConnectionErrorCode code) => End(new ConnectionEnd(code, ByRemote: false));

    public ValueTask DisposeAsync()
    {
        Abort(ConnectionErrorCode.None);
        return ValueTask.CompletedTask;
    }

    public object? GetFeature(Type type) => null;

    /// <summary>A stream of this end has sent something for the first time.</summary>
    public void Announce(MemoryMuxedStream stream)
    {
        MemoryMuxedStream? refused = null;
        lock (_gate)
        {
            if (_end is not null) return;
            if (Peer._waiting.Count < Backlog)
            {
                Peer._streams.Add(stream.Id, stream.Peer!);
                Peer._waiting.Enqueue(stream.Peer!);
                Peer.WakeAccept();
            }
            else
            {
                refused = stream.Peer;
                _streams.Remove(stream.Id);
            }
        }

        refused?.Refuse();
    }

    /// <summary>A stream has ended.</summary>
    public void Forget(MemoryMuxedStream stream)
    {
        lock (_gate) _streams.Remove(stream.Id);
    }

    private void End(ConnectionEnd end)
    {
        List<MemoryMuxedStream> mine, theirs;
        var seen = end with { ByRemote = true };
        lock (_gate)
        {
            if (_end is not null) return;
            _end = end;
            Peer._end = seen;
            mine = [.. _streams.Values];
            theirs = [.. Peer._streams.Values];
            WakeAccept();
            Peer.WakeAccept();
        }

        foreach (var stream in mine) stream.Lose(end);
        foreach (var stream in theirs) stream.Lose(seen);
        _completion.TrySetResult(end);
        Peer._completion.TrySetResult(seen);
    }

    private void WakeAccept()
    {
        _accepting?.TrySetResult();
        _accepting = null;
    }
}
