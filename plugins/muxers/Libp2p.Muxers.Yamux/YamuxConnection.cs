using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Libp2p.Muxers.Yamux.Session;
using Libp2p.Muxers.Yamux.Signals;
using Libp2p.Muxers.Yamux.Wire;
using Microsoft.Extensions.Logging;

namespace Libp2p.Muxers.Yamux;

/// <summary>
/// The I/O around a <see cref="YamuxSession"/>: one read loop, one write loop that sleeps while there is nothing to send, one timer. Owns the secured
/// connection.
/// </summary>
internal sealed partial class YamuxConnection : IMuxedConnection, ISessionSink
{
    private readonly IByteConnection _secured;
    private readonly IGatherWriter? _gather;
    private readonly YamuxOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly YamuxSession _session;
    private readonly Signal _outputReady;
    private readonly Signal _decongested;
    private readonly ScheduledCompletion<ConnectionEnd> _completion;
    private readonly ScheduledCompletion<bool> _released;
    private readonly Lock _timerLock = new();
    private ITimer? _timer; // guarded by _timerLock
    private long _timerDue = long.MaxValue; // guarded by _timerLock
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;

    public YamuxConnection(IByteConnection secured, UpgradeContext context, YamuxOptions options, ILogger logger)
    {
        _secured = secured;
        _gather = (IGatherWriter?)secured.GetFeature(typeof(IGatherWriter));
        _options = options;
        _time = context.Runtime.Time;
        _logger = logger;
        _completion = new ScheduledCompletion<ConnectionEnd>(context.Runtime.Scheduler);
        _released = new ScheduledCompletion<bool>(context.Runtime.Scheduler);
        _outputReady = new Signal(context.Runtime.Scheduler);
        _decongested = new Signal(context.Runtime.Scheduler);
        _session = new YamuxSession(
            options,
            context.Role == ConnectionRole.Dialer,
            context.Runtime.Scheduler,
            context.Scope,
            _time.GetTimestamp(),
            _time.TimestampFrequency,
            this,
            logger);
    }

    /// <inheritdoc/>
    public Task<ConnectionEnd> Completion => _completion.Task;

    /// <summary>The protocol, for tests.</summary>
    internal YamuxSession Session => _session;

    bool ISessionSink.CanSend => true;

    long ISessionSink.Now => _time.GetTimestamp();

    /// <summary>Starts the loops and the timer.</summary>
    public void Start()
    {
        lock (_timerLock)
        {
            _timer = _time.CreateTimer(static self => ((YamuxConnection)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Arm(_session.NextDue);
        _writing = WriteLoopAsync();
        _reading = ReadLoopAsync();
    }

    /// <inheritdoc/>
    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IMuxedStream>(cancellationToken);
        }

        try
        {
            var stream = _session.TryOpen(out var opener);
            return stream is not null ? new ValueTask<IMuxedStream>(stream) : OpenLaterAsync(opener!, cancellationToken);
        }
        catch (MuxerException error)
        {
            return ValueTask.FromException<IMuxedStream>(error);
        }
    }

    private async ValueTask<IMuxedStream> OpenLaterAsync(StreamOpener opener, CancellationToken cancellationToken)
    {
        while (true)
        {
            await opener.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_session.TryOpen(out var next) is { } stream)
            {
                return stream;
            }

            opener = next!;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => _session.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public void Abort(ConnectionErrorCode code) => _session.End(new ConnectionEnd(code, ByRemote: false), code.Value);

    /// <inheritdoc/>
    public object? GetFeature(Type type) => type == typeof(IGatherWriter) ? null : _secured.GetFeature(type);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Abort(ConnectionErrorCode.None);
        await _released.Task.ConfigureAwait(false);
    }

    void ISessionSink.OutputReady() => _outputReady.Set();

    void ISessionSink.Ended()
    {
        _completion.TrySetResult(_session.EndReason!);
        _ = ReleaseAsync();
    }

    ValueTask ISessionSink.SendAsync(uint stream, FrameFlags firstFlags, ReadOnlyMemory<byte> data)
    {
        try
        {
            var total = Compose(stream, firstFlags, data);
            var flush = _secured.Output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                return AwaitSendAsync(flush, total);
            }

            CheckFlushed(flush.Result);
            YamuxMetrics.BytesSent(total);
        }
        catch (Exception error)
        {
            EndByWire(error);
        }

        _session.ReleaseTurn();
        return default;
    }

    /// <inheritdoc/>
    public void Arm(long due)
    {
        lock (_timerLock)
        {
            if (_timer is null || due >= _timerDue)
            {
                return;
            }

            _timerDue = due;
            var wait = due == long.MaxValue ? Timeout.InfiniteTimeSpan : _time.GetElapsedTime(_time.GetTimestamp(), due);
            _timer.Change(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_timerLock)
        {
            _timerDue = long.MaxValue;
        }

        var due = _session.HandleTimeout(_time.GetTimestamp());
        if (due != long.MaxValue)
        {
            Arm(due);
        }
    }

    private long Compose(uint stream, FrameFlags flags, ReadOnlyMemory<byte> data)
    {
        var output = _secured.Output;
        long total = 0;
        for (var rest = data; !rest.IsEmpty; flags = FrameFlags.None)
        {
            var body = rest[..Math.Min(rest.Length, _options.MaxSentFrameLength)];
            rest = rest[body.Length..];
            total += YamuxHeader.Size + body.Length;
            var header = new YamuxHeader(FrameType.Data, flags, stream, (uint)body.Length);
            if (_gather is null || body.Length < YamuxSession.LargeWrite)
            {
                // Copying a small body is cheaper than a piece of its own.
                var span = output.GetSpan(YamuxHeader.Size + body.Length);
                header.Write(span);
                body.Span.CopyTo(span[YamuxHeader.Size..]);
                output.Advance(YamuxHeader.Size + body.Length);
            }
            else
            {
                header.Write(output.GetSpan(YamuxHeader.Size));
                output.Advance(YamuxHeader.Size);
                _gather.Append(body);
            }
        }

        return total;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitSendAsync(ValueTask<FlushResult> flush, long total)
    {
        _session.WriteStarted(_time.GetTimestamp());
        try
        {
            CheckFlushed(await flush.ConfigureAwait(false));
            YamuxMetrics.BytesSent(total);
        }
        catch (Exception error)
        {
            EndByWire(error);
        }
        finally
        {
            _session.WriteEnded();
            _session.ReleaseTurn();
        }
    }

    private static void CheckFlushed(FlushResult result)
    {
        if (result.IsCompleted)
        {
            throw new TransportException("The remote reads no more.");
        }
    }

    /// <summary>The wire failed under a read or a write.</summary>
    private void EndByWire(Exception error) =>
        _session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true, error), goAway: null);
}
