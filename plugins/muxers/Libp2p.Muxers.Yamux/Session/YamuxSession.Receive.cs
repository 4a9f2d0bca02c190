using System.Buffers;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Session;

/// <content>What arrives. Fields here belong to the one caller of <see cref="Receive"/>, where nothing else is said.</content>
internal sealed partial class YamuxSession
{
    private YamuxStream? _bodyStream; // null: the body is drained
    private uint _bodyLeft;
    private bool _bodyEnds; // the stream's last data
    private YamuxStream? _lastStream;
    private bool _wentAway; // with a reason: what follows means nothing
    private long _drainBudget = InitialWindow; // guarded by Gate

    /// <summary>Whether the input may end here without a frame being cut.</summary>
    public bool IsBetweenFrames => _bodyLeft == 0;

    /// <summary>Whether the remote said that it goes away, and no stream is left.</summary>
    public bool IsDrained
    {
        get
        {
            if (!Volatile.Read(ref _remoteGoAway))
            {
                return false;
            }

            lock (Gate)
            {
                return _streams.Count == 0;
            }
        }
    }

    /// <summary>
    /// Takes received bytes: whole frames, and as much as there is of the last frame's body. Stops early where too much waits to be sent
    /// (<see cref="IsCongested"/>).
    /// </summary>
    /// <returns>Up to where the bytes are used up; what remains is a part of a header, or follows after a stop.</returns>
    /// <exception cref="MuxerException">The remote broke the rules of yamux; end the session with it.</exception>
    public SequencePosition Receive(in ReadOnlySequence<byte> bytes, long now)
    {
        NoteReceived(now);
        NoteHeard();
        var rest = bytes;
        Span<byte> header = stackalloc byte[YamuxHeader.Size];
        while (!rest.IsEmpty)
        {
            if (rest.FirstSpan.IsEmpty)
            {
                var next = rest.Start;
                rest.TryGet(ref next, out _);
                rest = rest.Slice(next);
                continue;
            }

            var used = ReceivePiece(rest.FirstSpan, now);
            if (used > 0)
            {
                rest = rest.Slice(used);
                continue;
            }

            // No more of this segment: a header across two segments, a header that is not complete, or congestion.
            if (rest.Length < YamuxHeader.Size || IsCongested)
            {
                break;
            }

            rest.Slice(0, YamuxHeader.Size).CopyTo(header);
            rest = rest.Slice(YamuxHeader.Size);
            HandleHeader(YamuxHeader.Read(header), now);
        }

        ReleaseOpeners();
        return rest.Start;
    }

    private int ReceivePiece(ReadOnlySpan<byte> span, long now)
    {
        var position = 0;
        while (true)
        {
            if (_wentAway)
            {
                return span.Length;
            }

            if (_bodyLeft > 0)
            {
                var length = (int)Math.Min(_bodyLeft, (uint)(span.Length - position));
                if (length == 0)
                {
                    return position;
                }

                _bodyLeft -= (uint)length;
                _bodyStream?.Input.Receive(span.Slice(position, length));
                position += length;
                if (_bodyLeft > 0)
                {
                    return position;
                }

                if (_bodyEnds && _bodyStream is { } ended)
                {
                    _bodyEnds = false;
                    HandleFin(ended);
                }

                continue;
            }

            if (span.Length - position < YamuxHeader.Size || IsCongested)
            {
                return position;
            }

            var header = YamuxHeader.Read(span[position..]);
            position += YamuxHeader.Size;
            HandleHeader(header, now);
        }
    }

    private void HandleHeader(in YamuxHeader header, long now)
    {
        switch (header.Type)
        {
            case FrameType.Data: HandleData(header, now); break;
            case FrameType.WindowUpdate: HandleWindowUpdate(header, now); break;
            case FrameType.Ping: HandlePing(header, now); break;
            default: HandleGoAway(header); break;
        }
    }

    private void HandleData(in YamuxHeader header, long now)
    {
        if (header.Length > Options.MaxFrameLength)
        {
            throw Violation($"The remote sent a yamux frame of {header.Length} bytes, more than {Options.MaxFrameLength}.");
        }

        if ((header.Flags & FrameFlags.Syn) != 0 && header.Length > InitialWindow)
        {
            throw Violation($"The remote opened a yamux stream with {header.Length} bytes, more than the window of {InitialWindow}.");
        }

        // The common case: more of the stream that the frame before belonged to.
        var stream = header.Flags == FrameFlags.None && _lastStream is { IsRemoved: false } last && last.Id == header.StreamId
            ? last
            : Find(header, now);
        _bodyLeft = header.Length;
        _bodyEnds = (header.Flags & FrameFlags.Fin) != 0;
        _bodyStream = null;
        if (stream is null)
        {
            Drain(header);
            return;
        }

        if ((header.Flags & FrameFlags.Rst) != 0)
        {
            HandleReset(stream, StreamErrorCode.None);
            Drain(header);
            return;
        }

        _lastStream = stream;
        _inlineStreak = 0;
        if (header.Length > 0)
        {
            switch (stream.Input.TryTakeCredit(header.Length))
            {
                case CreditOutcome.Taken:
                    _bodyStream = stream;
                    return;
                case CreditOutcome.Exceeded:
                    throw Violation($"The remote sent more on yamux stream {header.StreamId} than its window allows.");
                case CreditOutcome.Ended:
                    // The stream is beyond use; the others are not.
                    Reset(stream, StreamErrorCode.ProtocolViolation);
                    Drain(header);
                    return;
            }
        }

        if (_bodyEnds)
        {
            HandleFin(stream);
        }
    }

    private void HandleWindowUpdate(in YamuxHeader header, long now)
    {
        var stream = Find(header, now);
        if (stream is null)
        {
            return; // closed or refused here while this was under way
        }

        if ((header.Flags & FrameFlags.Rst) != 0)
        {
            // The length of a reset is its error code (libp2p, error codes), not credit.
            HandleReset(stream, new StreamErrorCode(header.Length));
            return;
        }

        if (header.Length > 0)
        {
            bool wake;
            lock (Gate)
            {
                if (stream.SendWindow + header.Length > uint.MaxValue)
                {
                    throw Violation($"The remote granted more credit on yamux stream {header.StreamId} than 32 bits hold.");
                }

                stream.SendWindow += header.Length;
                wake = stream.Output.TakeWaiter();
            }

            if (wake)
            {
                stream.Output.Wake();
            }
        }

        if ((header.Flags & FrameFlags.Fin) != 0)
        {
            HandleFin(stream);
        }
    }

    private void HandlePing(in YamuxHeader header, long now)
    {
        if ((header.Flags & FrameFlags.Syn) != 0)
        {
            QueuePong(header.Length);
        }
        else if ((header.Flags & FrameFlags.Ack) != 0)
        {
            HandlePong(header.Length, now);
        }
    }

    private void HandleGoAway(in YamuxHeader header)
    {
        if (header.Length != GoAwayReason.Normal)
        {
            _wentAway = true;
            var code = new ConnectionErrorCode(header.Length);
            var why = header.Length switch
            {
                GoAwayReason.ProtocolError => "a protocol error",
                GoAwayReason.InternalError => "an internal error",
                _ => code.ToString(),
            };
            End(new ConnectionEnd(code, ByRemote: true, new MuxerException($"The remote went away because of {why}.", code)), goAway: null);
            return;
        }

        // No new streams either way; those that are open go on until the remote closes.
        lock (Gate)
        {
            _remoteGoAway = true;
        }

        _acceptor.Complete();
        ReleaseOpeners();
    }

    /// <summary>The stream of a frame; opens it where the frame says so. Null where there is none, or where it was refused.</summary>
    private YamuxStream? Find(in YamuxHeader header, long now)
    {
        if (header.StreamId == 0)
        {
            throw Violation("The remote sent stream data on the yamux session itself.");
        }

        if ((header.Flags & FrameFlags.Syn) != 0)
        {
            return HandleSyn(header, now);
        }

        lock (Gate)
        {
            if (_streams.TryGetValue(header.StreamId, out var stream) && (header.Flags & FrameFlags.Ack) != 0)
            {
                Acknowledge(stream);
            }

            return stream;
        }
    }

    private YamuxStream? HandleSyn(in YamuxHeader header, long now)
    {
        var id = header.StreamId;
        if ((id & 1) == (_dialer ? 1u : 0u))
        {
            throw Violation($"The remote opened yamux stream {id}, a number of this side.");
        }

        string? refused = null;
        YamuxStream? stream = null;
        var signal = false;
        lock (Gate)
        {
            if (_streams.ContainsKey(id))
            {
                throw Violation($"The remote opened yamux stream {id} twice.");
            }

            if (_end is not null || _remoteGoAway)
            {
                refused = "the connection is ending";
            }
            else if (_unacceptedCount >= Options.AcceptBacklog)
            {
                refused = nameof(YamuxOptions.AcceptBacklog);
            }
            else if (_inbound >= Options.MaxInboundStreams)
            {
                refused = nameof(YamuxOptions.MaxInboundStreams);
            }
            else
            {
                stream = new YamuxStream(this, id, outbound: false, now);
                _streams.Add(id, stream);
                _inbound++;
                _unaccepted.Enqueue(stream);
                _unacceptedCount++;
            }

            if (refused is not null)
            {
                // What the remote sends before it learns is bounded by the initial window.
                _drainBudget += InitialWindow;
                if ((header.Flags & FrameFlags.Rst) == 0)
                {
                    StageControl(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, id, StreamErrorCode.ResourceLimitExceeded.Value));
                    signal = TakeTurn();
                }
            }
        }

        if (refused is not null)
        {
            YamuxLog.Refused(_logger, id, refused);
            YamuxMetrics.StreamReset(byRemote: false);
            if (signal)
            {
                _sink.OutputReady();
            }

            return null;
        }

        YamuxMetrics.StreamOpened(outbound: false);
        _acceptor.Offer();
        return stream;
    }

    private void HandleFin(YamuxStream stream)
    {
        stream.Input.End();
        long grown = 0;
        bool removed;
        lock (Gate)
        {
            stream.IsEnded = true;
            removed = stream.IsFinished && !stream.IsRemoved;
            if (removed)
            {
                grown = Remove(stream);
            }
        }

        if (removed)
        {
            Removed(grown);
        }
    }

    private void HandleReset(YamuxStream stream, StreamErrorCode code)
    {
        long grown = 0;
        bool removed;
        bool churn;
        bool unaccepted;
        var error = new StreamResetException(code, byRemote: true);
        lock (Gate)
        {
            removed = !stream.IsRemoved;
            stream.Output.Blame(error);
            unaccepted = !stream.IsOutbound && !stream.IsAccepted;

            // Opened and reset before this side said anything: the work was for nothing.
            churn = !stream.IsOutbound && !stream.IsAnnounced;
            if (removed)
            {
                grown = Remove(stream);
            }
        }

        if (removed)
        {
            Removed(grown);
            YamuxMetrics.StreamReset(byRemote: true);
        }

        stream.ResetByRemote(error, keepEnd: !unaccepted);
        if (churn)
        {
            CountChurn();
        }
    }

    /// <summary>Lets the body of a frame pass that belongs to no stream: no more than what may have been under way when its stream went.</summary>
    private void Drain(in YamuxHeader header)
    {
        if (header.Length == 0)
        {
            return;
        }

        lock (Gate)
        {
            _drainBudget -= header.Length;
            if (_drainBudget >= 0)
            {
                return;
            }
        }

        throw Violation($"The remote keeps sending on yamux streams that do not exist, as {header.StreamId}.");
    }
}
