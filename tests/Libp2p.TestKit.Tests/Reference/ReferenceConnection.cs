using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;

namespace Libp2p.TestKit.Tests.Reference;

internal enum FrameType : byte
{
    Data,
    End,
    Reset,
    Stop,
    Credit,
    GoAway,
    Ping,
    Pong,
}

internal sealed class ReferenceConnection(IByteConnection wire, UpgradeContext context, MuxerFault fault) : IMuxedConnection
{
    public const int Window = 256 * 1024;
    private const int HeaderLength = 13;
    private const int Backlog = 256;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Channel<(byte[] Frame, bool Data)> _frames = Channel.CreateUnbounded<(byte[], bool)>();
    private readonly SemaphoreSlim _dataSlots = new(8);
    private readonly Dictionary<ulong, ReferenceStream> _streams = [];
    private readonly Queue<ReferenceStream> _waiting = new();
    private readonly HashSet<ulong> _seen = [];
    private readonly TaskCompletionSource<ConnectionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _accepting;
    private ConnectionEnd? _end;
    private ulong _nextId = context.Role == ConnectionRole.Dialer ? 1u : 2u;
    private DateTimeOffset _heard;
    private ITimer? _timer;
    private Task _writing = Task.CompletedTask;

    public Task<ConnectionEnd> Completion => _completion.Task;

    public MuxerFault Fault => fault;

    public void Start()
    {
        _heard = context.Runtime.Time.GetUtcNow();
        if (fault != MuxerFault.NoKeepalive) _timer = context.Runtime.Time.CreateTimer(_ => KeepAlive(), null, PingInterval, PingInterval);
        _writing = WriteLoopAsync();
        _ = ReadLoopAsync();
    }

    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<IMuxedStream>(cancellationToken);
        lock (_gate)
        {
            if (_end is { } end && fault != MuxerFault.OpenAfterTheEnd) return ValueTask.FromException<IMuxedStream>(new ConnectionClosedException(end));
            if (!TryReserve()) return ValueTask.FromException<IMuxedStream>(new MuxerException("No memory for another stream."));
            var stream = new ReferenceStream(this, _nextId, announced: false);
            _nextId += 2;
            _streams.Add(stream.Id, stream);
            return new(stream);
        }
    }

    public async ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task wake;
            lock (_gate)
            {
                if (_end is not null && fault != MuxerFault.AcceptHangsAtTheEnd) return null;
                if (_waiting.TryDequeue(out var stream)) return stream;
                wake = (_accepting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wake.WaitAsync(cancellationToken);
        }
    }

    public void Abort(ConnectionErrorCode code) => End(new ConnectionEnd(code, ByRemote: false));

    public ValueTask DisposeAsync()
    {
        Abort(ConnectionErrorCode.None);
        return ValueTask.CompletedTask;
    }

    public object? GetFeature(Type type) => null;

    public void Send(FrameType type, ulong stream, uint number)
    {
        var frame = new byte[HeaderLength];
        WriteHeader(frame, type, stream, number);
        _frames.Writer.TryWrite((frame, false));
    }

    public async Task SendDataAsync(ulong stream, ReadOnlySequence<byte> data)
    {
        var frame = new byte[HeaderLength + data.Length];
        WriteHeader(frame, FrameType.Data, stream, (uint)data.Length);
        data.CopyTo(frame.AsSpan(HeaderLength));
        await _dataSlots.WaitAsync();
        _frames.Writer.TryWrite((frame, true));
    }

    public void Forget(ReferenceStream stream)
    {
        lock (_gate)
        {
            if (!_streams.Remove(stream.Id)) return;
        }

        if (fault != MuxerFault.LeakedReservation) context.Scope?.Release(Window);
    }

    public void End(ConnectionEnd end)
    {
        ReferenceStream[] streams;
        lock (_gate)
        {
            if (_end is not null) return;
            _end = end;
            streams = [.. _streams.Values];
            _accepting?.TrySetResult();
            _accepting = null;
        }

        _timer?.Dispose();
        if (!end.ByRemote) Send(FrameType.GoAway, 0, end.Code.Value);
        _frames.Writer.TryComplete();
        foreach (var stream in streams) stream.Lose(end);
        _completion.TrySetResult(end);
        if (fault != MuxerFault.WireKeptOpen) _ = CloseWireAsync(end.Cause);
    }

    private static void WriteHeader(Span<byte> frame, FrameType type, ulong stream, uint number)
    {
        frame[0] = (byte)type;
        BinaryPrimitives.WriteUInt64BigEndian(frame[1..], stream);
        BinaryPrimitives.WriteUInt32BigEndian(frame[9..], number);
    }

    // A wire that takes the last frames closes in the ordinary way; one that does not is cut.
    private async Task CloseWireAsync(Exception? cause)
    {
        if (await Task.WhenAny(_writing, Task.Delay(100)) != _writing) wire.Abort(cause);
        await wire.DisposeAsync();
    }

    private void KeepAlive()
    {
        DateTimeOffset heard;
        lock (_gate) heard = _heard;
        if (context.Runtime.Time.GetUtcNow() - heard >= Silence) End(new ConnectionEnd(default, ByRemote: false, new MuxerException("The remote is silent.")));
        else Send(FrameType.Ping, 0, 0);
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            await foreach (var (frame, data) in _frames.Reader.ReadAllAsync())
            {
                await wire.Output.WriteAsync(frame);
                if (data) _dataSlots.Release();
            }
        }
        catch (Libp2pException error)
        {
            End(new ConnectionEnd(default, ByRemote: false, error));
        }
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            while (true)
            {
                var read = await wire.Input.ReadAsync();
                lock (_gate) _heard = context.Runtime.Time.GetUtcNow();
                var rest = read.Buffer;
                while (TryReadFrame(ref rest, out var type, out var stream, out var number, out var data)) Handle(type, stream, number, data);
                wire.Input.AdvanceTo(rest.Start, rest.End);
                if (!read.IsCompleted) continue;
                var quiet = fault == MuxerFault.TruncationLooksLikeAClose;
                End(new ConnectionEnd(default, ByRemote: true, quiet ? null : new TransportException("The wire ended without notice.")));
                return;
            }
        }
        catch (MuxerException error) when (fault != MuxerFault.GarbageIgnored)
        {
            End(new ConnectionEnd(ConnectionErrorCode.ProtocolError, ByRemote: false, error));
        }
        catch (Libp2pException error)
        {
            if (fault != MuxerFault.GarbageIgnored) End(new ConnectionEnd(default, ByRemote: true, error));
        }
        catch (InvalidOperationException)
        {
            // The wire was disposed behind the end of the connection.
        }
    }

    private static bool TryReadFrame(ref ReadOnlySequence<byte> rest, out FrameType type, out ulong stream, out uint number, out ReadOnlySequence<byte> data)
    {
        (type, stream, number, data) = (default, 0, 0, default);
        if (rest.Length < HeaderLength) return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        rest.Slice(0, HeaderLength).CopyTo(header);
        type = (FrameType)header[0];
        stream = BinaryPrimitives.ReadUInt64BigEndian(header[1..]);
        number = BinaryPrimitives.ReadUInt32BigEndian(header[9..]);
        if (type > FrameType.Pong || (type == FrameType.Data && number > Window)) throw new MuxerException($"No such frame: {header[0]}, {number}.", ConnectionErrorCode.ProtocolError);
        if (type != FrameType.Data)
        {
            rest = rest.Slice(HeaderLength);
            return true;
        }

        if (rest.Length < HeaderLength + number) return false;
        data = rest.Slice(HeaderLength, number);
        rest = rest.Slice(HeaderLength + number);
        return true;
    }

    private void Handle(FrameType type, ulong id, uint number, ReadOnlySequence<byte> data)
    {
        if (type == FrameType.Ping)
        {
            Send(FrameType.Pong, 0, 0);
            return;
        }

        if (type == FrameType.Pong) return;
        if (type == FrameType.GoAway)
        {
            End(new ConnectionEnd(new ConnectionErrorCode(number), ByRemote: true));
            return;
        }

        if (type == FrameType.Reset && fault == MuxerFault.ResetEndsTheConnection) End(new ConnectionEnd(default, ByRemote: true, new MuxerException("A stream was reset.")));
        Find(type, id)?.Handle(type, number, data);
    }

    private ReferenceStream? Find(FrameType type, ulong id)
    {
        ReferenceStream stream;
        var theirs = (id % 2 == 1) != (context.Role == ConnectionRole.Dialer);
        lock (_gate)
        {
            if (_end is not null) return null;
            if (_streams.TryGetValue(id, out var known)) return known;
            if (type != FrameType.Data) return null;
            // A stream of ours that is gone already.
            if (!theirs && id < _nextId && fault != MuxerFault.EqualRolesAccepted) return null;
            if (!theirs && fault != MuxerFault.EqualRolesAccepted) throw new MuxerException("Both ends play the same part.", ConnectionErrorCode.ProtocolError);
            if (!_seen.Add(id)) return null;
            if ((_waiting.Count >= Backlog && fault != MuxerFault.UnboundedBacklog) || !TryReserve())
            {
                Send(FrameType.Reset, id, StreamErrorCode.ResourceLimitExceeded.Value);
                Send(FrameType.Stop, id, StreamErrorCode.ResourceLimitExceeded.Value);
                return null;
            }

            stream = new ReferenceStream(this, id, announced: true);
            _streams.Add(id, stream);
            _waiting.Enqueue(stream);
            _accepting?.TrySetResult();
            _accepting = null;
        }

        return stream;
    }

    private bool TryReserve()
    {
        if (context.Scope is not { } scope || scope.TryReserve(Window, ReservationPriority.Medium, out _)) return true;
        if (fault == MuxerFault.ReservationFailureEndsTheConnection) End(new ConnectionEnd(default, ByRemote: false, new MuxerException("No memory.")));
        return false;
    }
}
