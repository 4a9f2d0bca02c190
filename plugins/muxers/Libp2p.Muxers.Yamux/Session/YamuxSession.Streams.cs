using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Session;

/// <content>The stream table: accepting, closing, resetting. Guarded by Gate where nothing else is said.</content>
internal sealed partial class YamuxSession
{
    private readonly Dictionary<uint, YamuxStream> _streams = [];
    private readonly Queue<YamuxStream> _unaccepted = new();
    private readonly StreamAcceptor _acceptor;
    private Lock[]? _stripes; // made with the first stream that needs one, as its locks are: 800 bytes less for an idle connection
    private int _unacceptedCount;
    private int _unacknowledged;
    private int _inbound;
    private int _outbound;

    /// <summary>The number of the next stream opened here; beyond 32 bits there is none. Set by tests that cannot open two billion.</summary>
    internal ulong NextId { get; set; }

    /// <summary>Streams in the table.</summary>
    public int StreamCount
    {
        get
        {
            lock (Gate)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>The lock of a stream's received data: shared by few, so that a stream does not carry one.</summary>
    public Lock StripeFor(uint id)
    {
        var stripes = LazyInitializer.EnsureInitialized(ref _stripes, static () => new Lock[16]);
        return LazyInitializer.EnsureInitialized(ref stripes[(id >> 1) & 15], static () => new Lock());
    }

    /// <summary>The next stream that the remote opened; null once there will be none. One caller at a time.</summary>
    public ValueTask<IMuxedStream?> AcceptAsync(CancellationToken cancellationToken) => _acceptor.AcceptAsync(cancellationToken);

    /// <summary>Takes a stream that waits to be accepted. Says in <paramref name="over"/> whether there will be no more.</summary>
    public YamuxStream? TryAccept(out bool over)
    {
        lock (Gate)
        {
            while (_unaccepted.TryDequeue(out var stream))
            {
                if (stream.IsAccepted)
                {
                    continue; // was reset while it waited
                }

                stream.IsAccepted = true;
                _unacceptedCount--;
                over = false;
                return stream;
            }

            over = _end is not null || _remoteGoAway;
            return null;
        }
    }

    /// <summary>Makes sure that the remote knows of the stream: sends SYN or ACK alone where no frame has carried it yet.</summary>
    public void Announce(YamuxStream stream)
    {
        bool signal;
        lock (Gate)
        {
            if (stream.IsAnnounced || stream.IsRemoved)
            {
                return;
            }

            StageControl(new YamuxHeader(FrameType.WindowUpdate, TakeFlags(stream), (uint)stream.Id, 0));
            signal = TakeTurn();
        }

        if (signal)
        {
            _sink.OutputReady();
        }
    }

    /// <summary>Resets a stream from this side, both ways.</summary>
    public void Reset(YamuxStream stream, StreamErrorCode code)
    {
        // First the input, so that nothing is delivered any more; what the remote may still have under way is drained without complaint.
        var underWay = stream.Kill(new StreamResetException(code, byRemote: false));
        var signal = false;
        long grown;
        lock (Gate)
        {
            if (stream.IsRemoved)
            {
                return;
            }

            // A stream that the remote never heard of just goes.
            if (stream.IsAnnounced || !stream.IsOutbound)
            {
                _drainBudget += underWay;
                StageControl(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, (uint)stream.Id, code.Value));
                signal = TakeTurn();
            }

            grown = Remove(stream);
        }

        Removed(grown);
        YamuxMetrics.StreamReset(byRemote: false);
        if (signal)
        {
            _sink.OutputReady();
        }
    }

    /// <summary>Called when this side is done with both ways of a stream: from now on it only waits for the remote.</summary>
    public void Linger(YamuxStream stream)
    {
        var now = _sink.Now;
        lock (Gate)
        {
            stream.LingersSince = now;
        }
    }

    /// <summary>Takes the flags that a stream's next frame carries: the first one opens or acknowledges it.</summary>
    private static FrameFlags TakeFlags(YamuxStream stream)
    {
        if (stream.IsAnnounced)
        {
            return FrameFlags.None;
        }

        stream.IsAnnounced = true;
        return stream.IsOutbound ? FrameFlags.Syn : FrameFlags.Ack;
    }

    /// <summary>Takes a stream out of the table. Returns the credit that it gives back; pass it to <see cref="Removed"/> outside the gate.</summary>
    private long Remove(YamuxStream stream)
    {
        stream.IsRemoved = true;
        var grown = stream.Grown;
        stream.Grown = 0;
        _grownCredit -= grown;
        Unqueue(stream);
        _streams.Remove((uint)stream.Id);
        if (stream.IsOutbound)
        {
            _outbound--;
            Acknowledge(stream);
        }
        else
        {
            _inbound--;
        }

        return grown;
    }

    private void Removed(long grown)
    {
        YamuxMetrics.StreamsClosed(1);
        if (grown > 0)
        {
            _scope?.Release(grown);
        }

        ReleaseOpeners();
    }

    private void Acknowledge(YamuxStream stream)
    {
        if (stream.IsOutbound && !stream.IsAcknowledged)
        {
            stream.IsAcknowledged = true;
            _unacknowledged--;
        }
    }

    /// <summary>Forgets a stream that waits to be accepted and was reset.</summary>
    private void Unqueue(YamuxStream stream)
    {
        if (!stream.IsOutbound && !stream.IsAccepted)
        {
            stream.IsAccepted = true;
            _unacceptedCount--;

            // The queue may hold dead entries, but never more than live ones allow.
            if (_unaccepted.Count > 2 * Options.AcceptBacklog)
            {
                for (var i = _unaccepted.Count; i > 0; i--)
                {
                    var waiting = _unaccepted.Dequeue();
                    if (!waiting.IsAccepted)
                    {
                        _unaccepted.Enqueue(waiting);
                    }
                }
            }
        }
    }
}
