using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>One end of a simulated TCP connection. The two ways between the ends are <see cref="StreamWay"/>s.</summary>
internal sealed class SimulatedStreamSocket : IStreamSocket
{
    private readonly Fabric _fabric;
    private readonly HostNetwork _network;
    private readonly Queue<ReadOnlyMemory<byte>> _received = new();
    private readonly SocketOperation<int> _receiving;
    private readonly SocketOperation<bool> _sending;
    private int _read; // of the first of them
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _rest; // of the send that waits
    private SocketError? _broken;
    private bool _ended; // the remote's end has come
    private bool _shut; // this side's end was sent
    private StreamWay _out = null!;
    private StreamWay _in = null!;

    private SimulatedStreamSocket(Fabric fabric, HostNetwork network, EndPoint local, EndPoint remote)
    {
        _fabric = fabric;
        _network = network;
        Local = local;
        Remote = remote;
        _receiving = new SocketOperation<int>(fabric.Loop, network.Life, WhyNot);
        _sending = new SocketOperation<bool>(fabric.Loop, network.Life, WhyNot);
    }

    public EndPoint Local { get; }

    public EndPoint Remote { get; }

    /// <summary>Whether this end has been closed, reset or broken.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether its host has crashed since.</summary>
    public bool IsDead => !_network.Life.IsAlive;

    public bool IsWaitingToSend => _sending.IsPending;

    public SimulatedHost Host => _network.Host;

    public SimulatedStreamSocket Peer { get; private set; } = null!;

    /// <summary>What it waits for; null: nothing.</summary>
    public string? Waits => (_receiving.IsPending, _sending.IsPending) switch
    {
        (true, true) => $"receives and sends on tcp {Local}>{Remote}",
        (true, false) => $"receives on tcp {Local}>{Remote}",
        (false, true) => $"sends on tcp {Local}>{Remote}",
        _ => null,
    };

    /// <summary>Makes the two ends of a connection; each sees the other under an address of its own.</summary>
    public static (SimulatedStreamSocket Dialer, SimulatedStreamSocket Listener) Connect(
        Fabric fabric, HostNetwork from, EndPoint local, EndPoint remote, HostNetwork to, EndPoint remoteLocal, EndPoint remoteRemote)
    {
        var dialer = new SimulatedStreamSocket(fabric, from, local, remote);
        var listener = new SimulatedStreamSocket(fabric, to, remoteLocal, remoteRemote);
        dialer._out = listener._in = new StreamWay(fabric, fabric.PathOf(from.Host, to.Host), dialer, listener);
        listener._out = dialer._in = new StreamWay(fabric, fabric.PathOf(to.Host, from.Host), listener, dialer);
        dialer.Peer = listener;
        listener.Peer = dialer;
        from.Add(dialer);
        to.Add(listener);
        return (dialer, listener);
    }

    /// <summary>Tells the listener of the other end that this end is there.</summary>
    public void Establish(SimulatedListener listener) => _out.SendEstablished(listener);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        _fabric.Loop.IsHere();
        if (!_receiving.IsPending && _received.Count > 0 && !IsClosedHere) return new ValueTask<int>(TakeInto(buffer));
        if (!_receiving.IsPending && _broken is null && !IsGone && _ended) return new ValueTask<int>(0);
        var version = _receiving.Begin(cancellationToken);
        _into = buffer;
        return new ValueTask<int>(_receiving, version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        _fabric.Loop.IsHere();
        if (WhyNot() is { } failure) return ValueTask.FromException(failure);
        if (_shut) return ValueTask.FromException(new SocketException((int)SocketError.Shutdown));
        if (buffer.IsEmpty) return default;
        if (!_sending.IsPending)
        {
            buffer = buffer[SendSome(buffer)..];
            if (buffer.IsEmpty) return default;
        }

        var version = _sending.Begin(cancellationToken);
        _rest = buffer;
        return new ValueTask(_sending, version);
    }

    public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken = default)
    {
        if (pieces.Count == 1) return SendAsync(pieces[0], cancellationToken);

        // Together, as a gathered send leaves: a header does not travel without its body.
        var all = new byte[pieces.Sum(static piece => piece.Length)];
        var length = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(all.AsMemory(length));
            length += piece.Length;
        }

        return SendAsync(all, cancellationToken);
    }

    public void ShutdownSend()
    {
        if (!_fabric.Loop.IsHere() || _shut || IsGone) return;
        _shut = true;
        _out.SendEnd();
    }

    public void Abort()
    {
        if (!_fabric.Loop.IsHere() || IsGone) return;
        Note(StreamChange.Aborted);
        _out.Drop();
        _out.SendReset();
        Leave();
    }

    public ValueTask DisposeAsync()
    {
        if (!_fabric.Loop.IsHere() || IsGone) return default;
        if (_received.Count > 0)
        {
            // What came and was not read is lost, and a system says so.
            Abort();
            return default;
        }

        ShutdownSend();
        Note(StreamChange.Closed);
        Leave();
        return default;
    }

    /// <summary>Bytes have come.</summary>
    public void Take(ReadOnlyMemory<byte> bytes)
    {
        if (IsTraced(TraceDetail.Packets)) Trace(PacketFate.Received, bytes.Span, "");
        _received.Enqueue(bytes);
        if (_receiving.IsPending) _receiving.Succeed(TakeInto(_into));
    }

    /// <summary>The remote's end has come.</summary>
    public void TakeEnd()
    {
        if (IsTraced(TraceDetail.Packets)) Trace(PacketFate.Received, default, "end");
        _ended = true;
        _receiving.Succeed(0);
    }

    /// <summary>The connection is of no use any more; what came before can still be read.</summary>
    public void Break(SocketError why)
    {
        if (IsGone || IsDead) return;
        _broken = why;
        _fabric.Trace.At(TraceDetail.Connections)?.Add(new StreamEvent(Host.Name, Local, Remote, StreamChange.Broken, why.ToString()));
        _out.Drop();
        Leave();
    }

    /// <summary>Nobody took it off the listener: as if nobody listened.</summary>
    public void Refuse()
    {
        _out.SendReset();
        Leave();
    }

    /// <summary>The host's process has crashed.</summary>
    public void ResetByCrash()
    {
        _out.Drop();
        _out.SendReset();
    }

    /// <summary>Something came for an end that is gone.</summary>
    public void AnswerWithReset() => _out.SendReset();

    /// <summary>There is room again: what waits goes on.</summary>
    public void SendRest()
    {
        if (!_sending.IsPending) return;
        _rest = _rest[SendSome(_rest)..];
        if (_rest.IsEmpty) _sending.Succeed(true);
    }

    public bool IsTraced(TraceDetail detail) => _fabric.Trace.Detail >= detail;

    public void Trace(PacketFate fate, ReadOnlySpan<byte> bytes, string detail)
    {
        var (from, to) = fate == PacketFate.Received ? (Remote, Local) : (Local, Remote);
        _fabric.Trace.Add(new PacketEvent(Host.Name, "tcp", from, to, fate, bytes.Length, PacketEvent.Sum(bytes), detail));
    }

    private bool IsClosedHere => IsGone && _broken is null;

    private int SendSome(ReadOnlyMemory<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _fabric.Options.Streams.Window - _out.Outstanding);
        if (length <= 0) return 0;
        _out.Send(buffer[..length].ToArray());
        return length;
    }

    private int TakeInto(Memory<byte> buffer)
    {
        var total = 0;
        while (!buffer.IsEmpty && _received.TryPeek(out var first))
        {
            var length = Math.Min(first.Length - _read, buffer.Length);
            first.Slice(_read, length).CopyTo(buffer);
            buffer = buffer[length..];
            total += length;
            _read += length;
            if (_read < first.Length) break;
            _received.Dequeue();
            _read = 0;
        }

        if (total > 0) _in.Consumed(total);
        return total;
    }

    private void Leave()
    {
        IsGone = true;
        _network.Remove(this);
        if (IsDead) return;
        if (_broken is null) _received.Clear();
        var failure = WhyNot()!;
        _receiving.Fail(failure);
        _sending.Fail(failure);
    }

    private void Note(StreamChange change) => _fabric.Trace.At(TraceDetail.Connections)?.Add(new StreamEvent(Host.Name, Local, Remote, change));

    private Exception? WhyNot() => _broken is { } error ? new SocketException((int)error) : IsGone ? new SocketException((int)SocketError.OperationAborted) : null;
}
