using System.IO.Pipelines;
using Libp2p.Muxers.Yamux.Session;

namespace Libp2p.Muxers.Yamux.Streams;

/// <summary>
/// One stream. The fields that say where it stands are guarded by the session's gate; its received data has a lock of its own in
/// <see cref="YamuxStreamInput"/>.
/// </summary>
/// <remarks>
/// yamux can only reset both ways at once. So aborting a side that is still open resets the whole stream; aborting the write side after it was closed, or the
/// read side after its end arrived, leaves the other way alone. Who wants no more of the remote, but wants to go on writing, completes the input instead.
/// </remarks>
internal sealed class YamuxStream : IMuxedStream
{
    private readonly YamuxSession _session;
    private readonly uint _id;
    private CancellationTokenSource? _aborted; // created on demand; guarded by the gate
    private ScheduledCompletion<bool>? _writesClosed; // created on demand; guarded by the gate
    private bool _isAborted; // guarded by the gate
    private bool _areWritesClosed; // guarded by the gate

    public YamuxStream(YamuxSession session, uint id, bool outbound, long now)
    {
        _session = session;
        _id = id;
        IsOutbound = outbound;
        Input = new YamuxStreamInput(this, session, now);
        Output = new YamuxStreamOutput(this, session);
    }

    public ulong Id => _id;

    public YamuxStreamInput Input { get; }

    public YamuxStreamOutput Output { get; }

    PipeReader IDuplexPipe.Input => Input;

    PipeWriter IDuplexPipe.Output => Output;

    public bool IsOutbound { get; }

    /// <summary>A frame with SYN (or ACK) was composed.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>The remote acknowledged the opening, or need not any more.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Nobody waits for somebody to accept it.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>The remote sends no more.</summary>
    public bool IsEnded { get; set; }

    /// <summary>This side sends no more: its FIN was composed.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Out of the table. Also read without the gate: then it may become true at any time.</summary>
    public bool IsRemoved
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>What this side may send.</summary>
    public long SendWindow { get; set; } = YamuxSession.InitialWindow;

    /// <summary>Credit above the initial window that this stream was granted.</summary>
    public long Grown { get; set; }

    /// <summary>Credit to grant with the next batch, and the queue of streams that have some.</summary>
    public long PendingCredit { get; set; }

    public bool IsCreditQueued { get; set; }

    public YamuxStream? NextCredit { get; set; }

    /// <summary>Since when this side is done with it; 0 while it is not.</summary>
    public long LingersSince { get; set; }

    public CancellationToken Aborted
    {
        get
        {
            lock (_session.Gate)
            {
                if (_aborted is null)
                {
                    _aborted = new CancellationTokenSource();
                    if (_isAborted)
                    {
                        _aborted.Cancel(); // nobody can have registered
                    }
                }

                return _aborted.Token;
            }
        }
    }

    public Task WritesClosed
    {
        get
        {
            lock (_session.Gate)
            {
                return _areWritesClosed
                    ? Task.CompletedTask
                    : (_writesClosed ??= new ScheduledCompletion<bool>(_session.Scheduler)).Task;
            }
        }
    }

    public object? GetFeature(Type type) => null;

    public void Abort(StreamSide side, StreamErrorCode code)
    {
        bool isOpen;
        lock (_session.Gate)
        {
            isOpen = ((side & StreamSide.Write) != 0 && !IsFinished) || ((side & StreamSide.Read) != 0 && !IsEnded);
        }

        if (isOpen)
        {
            _session.Reset(this, code);
        }
        else if ((side & StreamSide.Read) != 0)
        {
            Input.Stop(new StreamResetException(code, byRemote: false));
        }
    }

    public ValueTask DisposeAsync()
    {
        Input.Complete();
        Output.Complete();
        return ValueTask.CompletedTask;
    }

    public override string ToString() => $"yamux stream {_id}";

    /// <summary>This side is done with one way; once it is done with both, the stream only waits for the remote.</summary>
    public void SideDone()
    {
        if (Input.IsCompleted && Output.IsCompleted)
        {
            _session.Linger(this);
        }
    }

    /// <summary>Reset by this side. Returns what the remote may still have under way.</summary>
    public long Kill(StreamResetException error)
    {
        var underWay = Input.Fail(error, keepBuffered: false, keepEnd: false);
        Output.Fail(error);
        Gone();
        return underWay;
    }

    /// <summary>Reset by the remote. An end that had arrived before stays an end, where somebody reads: some reset what they are done with.</summary>
    public void ResetByRemote(StreamResetException error, bool keepEnd)
    {
        Input.Fail(error, keepBuffered: false, keepEnd);
        Output.Fail(error);
        Gone();
    }

    /// <summary>Lost with the connection: what was received before can still be read.</summary>
    public void Lose(StreamResetException error)
    {
        Input.Fail(error, keepBuffered: true, keepEnd: true);
        Output.Fail(error);
        Gone();
    }

    /// <summary>The last frame of the write side was handed to the layer below.</summary>
    public void WritesHandedOver()
    {
        ScheduledCompletion<bool>? waiting;
        lock (_session.Gate)
        {
            _areWritesClosed = true;
            waiting = _writesClosed;
        }

        waiting?.TrySetResult(true);
    }

    private void Gone()
    {
        CancellationTokenSource? aborted;
        lock (_session.Gate)
        {
            aborted = _isAborted ? null : _aborted;
            _isAborted = true;
        }

        WritesHandedOver();
        if (aborted is not null)
        {
            // What is registered there is somebody else's code: not on the read loop.
            _session.Scheduler.Schedule(static source => ((CancellationTokenSource)source!).Cancel(), aborted);
        }
    }
}
