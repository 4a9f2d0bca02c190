using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>What became of an attempt to send.</summary>
internal enum SendStep
{
    /// <summary>Some or all was copied into the output.</summary>
    Staged,

    /// <summary>The caller has the write turn and the credit, and sends by itself.</summary>
    Direct,

    /// <summary>No credit or no room; the stream's output will be woken.</summary>
    Blocked,

    /// <summary>The stream takes no more data.</summary>
    Failed,
}

/// <content>
/// What leaves. One party at a time has the write turn and the wire; everybody else stages frames, which the shell's write loop takes in batches.
/// Guarded by Gate.
/// </content>
/// <remarks>Invariant: while nobody has the turn, nothing is staged and no credit waits; so whoever stages takes the turn for the write loop.</remarks>
internal sealed partial class YamuxSession
{
    /// <summary>From here on a write is worth a send of its own, without a copy.</summary>
    public const int LargeWrite = 32 * 1024;

    /// <summary>Frames that one direct send carries at most, before others get the turn.</summary>
    private const int FramesPerSend = 4;

    /// <summary>
    /// Small writes in a row that are sent at once. Answers to questions are (whatever arrives starts the count anew); a stream of small writes is
    /// staged instead, so that many share a send.
    /// </summary>
    private const int InlineWrites = 2;

    /// <summary>Bytes that fill one Noise record.</summary>
    private const int BlockFill = 65519;

    private readonly List<YamuxStreamOutput> _roomWaiters = [];
    private readonly List<YamuxStream> _stagedFins = [];
    private bool _turn;
    private Block? _stagedHead;
    private Block? _stagedTail;
    private int _staged;
    private int _stagedControl;
    private int _pongs; // staged or being sent
    private int _stagedPongs;
    private int _pongsDropped;
    private YamuxStream? _creditHead;
    private YamuxStream? _creditTail;
    private int _inlineStreak; // also set by the receiver without the gate: a lost update costs one hop
    private volatile bool _congested;

    /// <summary>Whether so many control frames wait that reading has to wait, too.</summary>
    public bool IsCongested => _congested;

    /// <summary>Offers data to the wire.</summary>
    /// <param name="stream">Whose data.</param>
    /// <param name="data">The data; where empty, the stream is announced if it is not yet.</param>
    /// <param name="direct">Whether the caller can send by itself.</param>
    /// <param name="taken">Bytes staged, or for <see cref="SendStep.Direct"/> the bytes to send.</param>
    /// <param name="flags">For <see cref="SendStep.Direct"/> the flags of the first frame.</param>
    public SendStep TrySend(YamuxStream stream, ReadOnlySpan<byte> data, bool direct, out int taken, out FrameFlags flags)
    {
        taken = 0;
        flags = FrameFlags.None;
        bool signal;
        lock (Gate)
        {
            if (stream.IsRemoved || stream.IsFinished || stream.Output.IsFailed)
            {
                return SendStep.Failed;
            }

            if (data.IsEmpty)
            {
                if (stream.IsAnnounced)
                {
                    return SendStep.Staged;
                }

                StageControl(new YamuxHeader(FrameType.WindowUpdate, TakeFlags(stream), (uint)stream.Id, 0));
            }
            else
            {
                if (stream.SendWindow == 0)
                {
                    stream.Output.BeginWait();
                    return SendStep.Blocked;
                }

                if (!_turn && direct && _sink.CanSend && (data.Length >= LargeWrite || _inlineStreak < InlineWrites))
                {
                    _turn = true;
                    taken = (int)Math.Min(Math.Min(data.Length, stream.SendWindow), FramesPerSend * Options.MaxSentFrameLength);
                    stream.SendWindow -= taken;
                    flags = TakeFlags(stream);
                    _inlineStreak += data.Length < LargeWrite ? 1 : 0;
                    return SendStep.Direct;
                }

                while (taken < data.Length && stream.SendWindow > 0 && _staged < Options.SendBufferSize)
                {
                    var length = (int)Math.Min(
                        Math.Min(data.Length - taken, stream.SendWindow),
                        Math.Min(Options.MaxSentFrameLength, Options.SendBufferSize - _staged));
                    StageData(stream, data.Slice(taken, length), FrameFlags.None);
                    taken += length;
                }

                if (taken == 0)
                {
                    stream.Output.BeginWait();
                    _roomWaiters.Add(stream.Output);
                    return SendStep.Blocked;
                }
            }

            signal = TakeTurn();
        }

        if (signal)
        {
            _sink.OutputReady();
        }

        return SendStep.Staged;
    }

    /// <summary>Sends what <see cref="TrySend"/> reserved with <see cref="SendStep.Direct"/>. Never faults: the session ends instead.</summary>
    public ValueTask SendDirectAsync(YamuxStream stream, FrameFlags flags, ReadOnlyMemory<byte> data) =>
        _sink.SendAsync((uint)stream.Id, flags, data);

    /// <summary>
    /// Closes the write side behind its last data. Stages both where there are credit and room for all the data; else does nothing and says false.
    /// </summary>
    public bool TryFinish(YamuxStream stream, ReadOnlySpan<byte> last)
    {
        bool signal;
        var removed = false;
        long grown = 0;
        lock (Gate)
        {
            if (stream.IsRemoved || stream.IsFinished || stream.Output.IsFailed)
            {
                return true;
            }

            if (last.Length > 0 && (stream.SendWindow < last.Length || _staged + last.Length > Options.SendBufferSize))
            {
                return false;
            }

            stream.IsFinished = true;
            while (last.Length > Options.MaxSentFrameLength)
            {
                StageData(stream, last[..Options.MaxSentFrameLength], FrameFlags.None);
                last = last[Options.MaxSentFrameLength..];
            }

            StageData(stream, last, FrameFlags.Fin);
            _stagedFins.Add(stream);
            if (stream.IsEnded)
            {
                removed = true;
                grown = Remove(stream);
            }

            signal = TakeTurn();
        }

        if (removed)
        {
            Removed(grown);
        }

        if (signal)
        {
            _sink.OutputReady();
        }

        return true;
    }

    /// <summary>Gives credit to the remote with the next batch.</summary>
    public void QueueCredit(YamuxStream stream, long delta)
    {
        bool signal;
        lock (Gate)
        {
            if (stream.IsRemoved)
            {
                return;
            }

            stream.PendingCredit += delta;
            if (!stream.IsCreditQueued)
            {
                stream.IsCreditQueued = true;
                if (_creditTail is null)
                {
                    _creditHead = stream;
                }
                else
                {
                    _creditTail.NextCredit = stream;
                }

                _creditTail = stream;
            }

            signal = TakeTurn();
        }

        if (signal)
        {
            _sink.OutputReady();
        }
    }

    /// <summary>
    /// Takes what is to be sent next; the caller has the turn. Where there is nothing, the turn is given up, unless the session has ended: then it is kept
    /// for good, and nothing may be sent any more.
    /// </summary>
    /// <param name="batch">Gets the frames.</param>
    /// <param name="over">Whether the session has ended and everything has been taken.</param>
    /// <returns>Whether there is a batch.</returns>
    public bool TakeBatch(OutputBatch batch, out bool over)
    {
        over = false;
        lock (Gate)
        {
            StageCredit();
            if (_staged == 0)
            {
                over = _end is not null;
                _turn = over;
                return false;
            }

            batch.Take(_stagedHead!, _staged, _stagedPongs);
            _stagedPongs = 0;
            _stagedHead = _stagedTail = null;
            _staged = 0;
            _stagedControl = 0;
            foreach (var output in _roomWaiters)
            {
                if (output.TakeWaiter())
                {
                    batch.Woken.Add(output);
                }
            }

            _roomWaiters.Clear();
            batch.Fins.AddRange(_stagedFins);
            _stagedFins.Clear();
        }

        foreach (var output in batch.Woken)
        {
            output.Wake();
        }

        batch.Woken.Clear();
        return true;
    }

    /// <summary>Told when a batch was handed to the layer below.</summary>
    /// <returns>Whether reading may go on that had to wait.</returns>
    public bool BatchSent(OutputBatch batch)
    {
        bool resume;
        lock (Gate)
        {
            _pongs -= batch.Pongs;
            _pongsDropped = 0;
            resume = _congested && _stagedControl < Options.MaxQueuedControlFrames;
            _congested &= !resume;
        }

        YamuxMetrics.BytesSent(batch.Length);
        foreach (var stream in batch.Fins)
        {
            stream.WritesHandedOver();
        }

        batch.Release();
        return resume;
    }

    /// <summary>Gives up the turn after a direct send. Where something was staged meanwhile, the turn passes to the write loop.</summary>
    public void ReleaseTurn()
    {
        lock (Gate)
        {
            if (_staged == 0 && _creditHead is null && _end is null)
            {
                _turn = false;
                return;
            }
        }

        _sink.OutputReady();
    }

    /// <summary>Gives up what can no longer be sent: the wire is gone. Called once, at the end.</summary>
    public void AbandonOutput(OutputBatch batch)
    {
        lock (Gate)
        {
            _congested = false;
            StageCredit();
            if (_staged > 0)
            {
                batch.Take(_stagedHead!, _staged, _stagedPongs);
                _stagedHead = _stagedTail = null;
                _staged = 0;
            }

            batch.Fins.AddRange(_stagedFins);
            _stagedFins.Clear();
        }

        foreach (var stream in batch.Fins)
        {
            stream.WritesHandedOver();
        }

        batch.Release();
    }

    /// <summary>Takes the turn for the write loop, if it is free: then the loop has to be told.</summary>
    private bool TakeTurn()
    {
        if (_turn)
        {
            return false;
        }

        _turn = true;
        return true;
    }

    private void QueuePong(uint value)
    {
        bool signal;
        lock (Gate)
        {
            if (_pongs >= Options.MaxQueuedPongs)
            {
                // An honest peer has one ping under way. Not answering is harmless; going on for ever is an attack.
                if (++_pongsDropped > Options.MaxQueuedControlFrames)
                {
                    throw Violation("The remote sends pings faster than it reads the answers.");
                }

                return;
            }

            _pongs++;
            _stagedPongs++;
            StageControl(new YamuxHeader(FrameType.Ping, FrameFlags.Ack, 0, value));
            signal = TakeTurn();
        }

        if (signal)
        {
            _sink.OutputReady();
        }
    }

    private void StageControl(in YamuxHeader header)
    {
        Span<byte> bytes = stackalloc byte[YamuxHeader.Size];
        header.Write(bytes);
        Stage(bytes);
        if (++_stagedControl >= Options.MaxQueuedControlFrames)
        {
            _congested = true;
        }
    }

    private void StageData(YamuxStream stream, ReadOnlySpan<byte> data, FrameFlags flags)
    {
        stream.SendWindow -= data.Length;
        Span<byte> bytes = stackalloc byte[YamuxHeader.Size];
        new YamuxHeader(FrameType.Data, flags | TakeFlags(stream), (uint)stream.Id, (uint)data.Length).Write(bytes);
        Stage(bytes);
        Stage(data);
    }

    /// <summary>Grants queued credit: one frame a stream, however often it was queued. Behind the data, which may carry the stream's SYN.</summary>
    private void StageCredit()
    {
        Span<byte> bytes = stackalloc byte[YamuxHeader.Size];
        while (_creditHead is { } stream)
        {
            _creditHead = stream.NextCredit;
            stream.NextCredit = null;
            stream.IsCreditQueued = false;
            var credit = stream.PendingCredit;
            stream.PendingCredit = 0;
            if (!stream.IsRemoved)
            {
                new YamuxHeader(FrameType.WindowUpdate, TakeFlags(stream), (uint)stream.Id, (uint)credit).Write(bytes);
                Stage(bytes);
            }
        }

        _creditTail = null;
    }

    private void Stage(ReadOnlySpan<byte> bytes)
    {
        _staged += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_stagedTail is null || Math.Min(_stagedTail.Capacity, BlockFill) == _stagedTail.End)
            {
                var block = BlockPool.Shared.Rent(_stagedTail is null ? bytes.Length : BlockPool.Large);
                block.Follow(_stagedTail, 0);
                _stagedHead ??= block;
                _stagedTail = block;
            }

            var room = Math.Min(_stagedTail.Capacity, BlockFill) - _stagedTail.End;
            var taken = _stagedTail.Append(bytes[..Math.Min(bytes.Length, room)]);
            bytes = bytes[taken..];
        }
    }
}
