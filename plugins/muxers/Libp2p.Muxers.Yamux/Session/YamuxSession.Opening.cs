using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Session;

/// <content>
/// Opening streams, and waiting for it: the remote must acknowledge some before more are opened. Until it has sent anything at all it may still be busy with
/// its own side of the upgrade, and some remotes reset what comes too early.
/// </content>
internal sealed partial class YamuxSession
{
    /// <summary>How many unannounced streams one waiter announces: without, nobody would acknowledge them.</summary>
    private const int AnnouncedAtOnce = 8;

    private readonly Queue<StreamOpener> _openers = new(); // guarded by Gate
    private bool _heard; // guarded by Gate

    private int UnacknowledgedLimit =>
        _heard ? Options.MaxUnacknowledgedStreams : Math.Min(Options.MaxEarlyStreams, Options.MaxUnacknowledgedStreams);

    /// <summary>Opens a stream; its first frame announces it. Null where the remote must first acknowledge others: then <paramref name="opener"/> waits for that.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, or the remote takes no more streams.</exception>
    /// <exception cref="MuxerException">Too many are open, or there are no ids left.</exception>
    public YamuxStream? TryOpen(out StreamOpener? opener)
    {
        var now = _sink.Now;
        YamuxStream? stream = null;
        opener = null;
        var signal = false;
        lock (Gate)
        {
            ThrowIfNoMore();
            if (_unacknowledged < UnacknowledgedLimit)
            {
                stream = new YamuxStream(this, (uint)NextId, outbound: true, now);
                NextId += 2;
                _streams.Add((uint)stream.Id, stream);
                _outbound++;
                _unacknowledged++;
            }
            else
            {
                opener = new StreamOpener(this);
                _openers.Enqueue(opener);
                signal = AnnounceSome();
            }
        }

        if (signal)
        {
            _sink.OutputReady();
        }

        if (stream is not null)
        {
            YamuxMetrics.StreamOpened(outbound: true);
        }
        else if (!Volatile.Read(ref _heard))
        {
            // Any remote answers a ping, even one whose streams nobody accepts yet.
            MeasureRoundTrip(now);
        }

        return stream;
    }

    /// <summary>The remote has sent something: it is through with the upgrade.</summary>
    private void NoteHeard()
    {
        if (!Volatile.Read(ref _heard))
        {
            lock (Gate)
            {
                _heard = true;
            }
        }
    }

    /// <summary>Lets as many go on as there is room for; all of them, where there will be no more. Outside the gate.</summary>
    private void ReleaseOpeners()
    {
        for (var released = 0; ; released++)
        {
            StreamOpener? opener;
            do
            {
                lock (Gate)
                {
                    if (_openers.Count == 0 || (_end is null && !_remoteGoAway && _unacknowledged + released >= UnacknowledgedLimit))
                    {
                        return;
                    }

                    opener = _openers.Dequeue();
                }
            }
            while (!opener.TryRelease());
        }
    }

    private void ThrowIfNoMore()
    {
        if (_end is not null)
        {
            throw new ConnectionClosedException(_end);
        }

        if (_remoteGoAway)
        {
            throw new ConnectionClosedException(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true));
        }

        if (_outbound + _openers.Count >= Options.MaxOutboundStreams)
        {
            throw new MuxerException(
                $"{_outbound} streams opened here are open and {_openers.Count} wait to be; {nameof(YamuxOptions)}.{nameof(YamuxOptions.MaxOutboundStreams)} allows no more.");
        }

        if (NextId > uint.MaxValue)
        {
            throw new MuxerException("The connection has used up its stream ids.");
        }
    }

    /// <summary>Announces some of the streams that the remote has not heard of, so that it can acknowledge them. True where the output must be told.</summary>
    private bool AnnounceSome()
    {
        var announced = 0;
        foreach (var stream in _streams.Values)
        {
            if (announced < AnnouncedAtOnce && stream.IsOutbound && !stream.IsAnnounced)
            {
                StageControl(new YamuxHeader(FrameType.WindowUpdate, TakeFlags(stream), (uint)stream.Id, 0));
                announced++;
            }
        }

        return announced > 0 && TakeTurn();
    }
}
