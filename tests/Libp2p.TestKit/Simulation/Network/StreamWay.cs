using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>One way of a stream: what is under way, in order. What is lost, or meets a partition, comes later; nothing overtakes it.</summary>
internal sealed class StreamWay(Fabric fabric, NetworkPath path, SimulatedStreamSocket sender, SimulatedStreamSocket receiver) : LoopEntry(null)
{
    private readonly Queue<Segment> _underWay = new();
    private readonly CreditEntry _credit = new(sender);
    private long _lastArrival;
    private long _stalledSince = -1;
    private long _wait;

    /// <summary>Bytes sent and not yet read.</summary>
    public int Outstanding { get; private set; }

    public NetworkPath Path => path;

    private StreamOptions Streams => fabric.Options.Streams;

    /// <summary>The connection's first packet of this way: the remote may accept it.</summary>
    public void SendEstablished(SimulatedListener listener) => Add(new Segment(default, null, listener), 0);

    /// <summary>Sends bytes, which are the way's own from now on.</summary>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        Outstanding += bytes.Length;
        var most = path.IsSegmented ? Streams.SegmentSize : bytes.Length;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(most, bytes.Length)..])
        {
            Add(new Segment(bytes[..Math.Min(most, bytes.Length)], null, null), Math.Min(most, bytes.Length));
        }
    }

    /// <summary>The end, after everything sent before.</summary>
    public void SendEnd() => Add(new Segment(default, SocketError.Success, null), 0);

    /// <summary>The reset, which takes with it what has not come yet.</summary>
    public void SendReset()
    {
        if (receiver.IsGone) return;
        fabric.Loop.Set(new ResetEntry(this), fabric.Loop.Now + path.Latency());
    }

    /// <summary>The receiver has read so many bytes; a sender who waits learns of it one way later.</summary>
    public void Consumed(int bytes)
    {
        Outstanding -= bytes;
        if (sender.IsWaitingToSend && !_credit.IsSet) fabric.Loop.Set(_credit, fabric.Loop.Now + path.Latency());
    }

    /// <summary>Nothing of it comes any more.</summary>
    public void Drop()
    {
        _underWay.Clear();
        fabric.Loop.Clear(this);
    }

    public override void Run()
    {
        if (!fabric.IsOpen(path))
        {
            Stall();
            return;
        }

        _stalledSince = -1;
        while (_underWay.TryPeek(out var next) && next.Arrival <= fabric.Loop.Now)
        {
            _underWay.Dequeue();
            Deliver(next);
        }

        if (_underWay.TryPeek(out var later)) fabric.Loop.Set(this, later.Arrival);
    }

    private void Add(Segment segment, int length)
    {
        if (sender.IsTraced(TraceDetail.Packets) && segment.Listener is null) sender.Trace(PacketFate.Sent, segment.Data.Span, segment.End is null ? "" : "end");
        var arrival = path.Travel(length + 40);
        var wait = Math.Max(Streams.RetransmitAfter.Ticks, 2 * path.Options.Latency.Ticks);
        var given = fabric.Loop.Now + Streams.GiveUpAfter.Ticks;
        while (arrival < given && path.Random.Chance(path.Options.Loss))
        {
            if (sender.IsTraced(TraceDetail.Packets)) sender.Trace(PacketFate.Lost, segment.Data.Span, "");
            arrival += wait;
            wait *= 2;
        }

        _lastArrival = Math.Max(_lastArrival, arrival);
        _underWay.Enqueue(segment with { Arrival = _lastArrival, IsHopeless = arrival >= given });
        if (_underWay.Count == 1) fabric.Loop.Set(this, _lastArrival);
    }

    /// <summary>Nothing comes through now: tried again later, and later again, until the sender gives up.</summary>
    private void Stall()
    {
        if (sender.IsDead)
        {
            // Nobody is there to send it again.
            Drop();
            return;
        }

        if (_stalledSince < 0)
        {
            _stalledSince = fabric.Loop.Now;
            _wait = Math.Max(Streams.RetransmitAfter.Ticks, 2 * path.Options.Latency.Ticks);
        }

        if (fabric.Loop.Now - _stalledSince >= Streams.GiveUpAfter.Ticks)
        {
            Drop();
            sender.Break(SocketError.TimedOut);
            return;
        }

        fabric.Loop.Set(this, Math.Min(fabric.Loop.Now + _wait, _stalledSince + Streams.GiveUpAfter.Ticks));
        _wait *= 2;
    }

    private void Deliver(Segment segment)
    {
        if (segment.IsHopeless)
        {
            sender.Break(SocketError.TimedOut);
            return;
        }

        if (segment.Listener is { } listener)
        {
            if (!listener.TryEnqueue(receiver)) receiver.Refuse();
            return;
        }

        if (receiver.IsGone || receiver.IsDead)
        {
            if (segment.End is null || receiver.IsDead) receiver.AnswerWithReset();
            return;
        }

        if (segment.End is not null) receiver.TakeEnd();
        else receiver.Take(segment.Data);
    }

    private void DeliverReset()
    {
        // Lost in a partition it is never repeated: the receiver learns of it when it sends.
        if (!fabric.IsOpen(path)) return;
        Drop();
        receiver.Break(SocketError.ConnectionReset);
    }

    private readonly record struct Segment(ReadOnlyMemory<byte> Data, SocketError? End, SimulatedListener? Listener)
    {
        public long Arrival { get; init; }

        public bool IsHopeless { get; init; }
    }

    private sealed class CreditEntry(SimulatedStreamSocket sender) : LoopEntry(null)
    {
        public override void Run() => sender.SendRest();
    }

    private sealed class ResetEntry(StreamWay way) : LoopEntry(null)
    {
        public override void Run() => way.DeliverReset();
    }
}
