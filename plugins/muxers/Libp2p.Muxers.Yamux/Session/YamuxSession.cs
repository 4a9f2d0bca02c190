using System.IO.Pipelines;
using Libp2p.Muxers.Yamux.Buffers;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;
using Microsoft.Extensions.Logging;

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>
/// The yamux protocol without I/O and without a clock: bytes and <c>now</c> in, streams and frames out. Received bytes enter through <see cref="Receive"/>
/// (one caller at a time), frames leave through <see cref="TakeBatch"/> (whoever holds the write turn), time passes through <see cref="HandleTimeout"/>.
/// </summary>
/// <remarks>
/// Thread-safe. <see cref="Gate"/> guards the stream table, send windows, the output and the timing; each stream's received data has a lock of its own.
/// No lock is taken while the other is held, and nothing of anybody else runs under either.
/// </remarks>
internal sealed partial class YamuxSession
{
    /// <summary>The window every stream starts with, by the specification.</summary>
    public const int InitialWindow = 256 * 1024;

    private readonly bool _dialer;
    private readonly IResourceScope? _scope;
    private readonly ISessionSink _sink;
    private readonly ILogger _logger;
    private ConnectionEnd? _end; // guarded by Gate
    private bool _remoteGoAway; // guarded by Gate

    /// <param name="options">Valid options.</param>
    /// <param name="dialer">Whether this side opens odd streams.</param>
    /// <param name="scheduler">Where continuations of stream users run.</param>
    /// <param name="scope">Where memory is accounted; null: nowhere.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="ticksPerSecond">Ticks of a second.</param>
    /// <param name="sink">The shell.</param>
    /// <param name="logger">The log.</param>
    public YamuxSession(
        YamuxOptions options, bool dialer, PipeScheduler scheduler, IResourceScope? scope, long now, long ticksPerSecond, ISessionSink sink, ILogger logger)
    {
        Options = options;
        Scheduler = scheduler;
        Memory = new MemoryAccount(scope, options.MaxUnreadBytes);
        _dialer = dialer;
        _scope = scope;
        _sink = sink;
        _logger = logger;
        NextId = dialer ? 1u : 2u;
        _acceptor = new StreamAcceptor(this);
        InitializeTiming(now, ticksPerSecond);
    }

    /// <summary>Guards what the remarks say.</summary>
    public Lock Gate { get; } = new();

    public YamuxOptions Options { get; }

    public PipeScheduler Scheduler { get; }

    /// <summary>What unread data holds.</summary>
    public MemoryAccount Memory { get; }

    /// <summary>How the session ended; null while it has not.</summary>
    public ConnectionEnd? EndReason
    {
        get
        {
            lock (Gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Ends the session: streams fail, and a go-away is the last frame of the output. Only the first call counts.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="goAway">The reason to send; null: nothing is sent, the wire is gone.</param>
    public void End(ConnectionEnd end, uint? goAway)
    {
        YamuxStream[] streams;
        bool signal;
        long grown;
        lock (Gate)
        {
            if (_end is not null)
            {
                return;
            }

            _end = end;
            streams = [.. _streams.Values];
            _streams.Clear();
            _unaccepted.Clear();
            _unacceptedCount = 0;
            foreach (var stream in streams)
            {
                stream.IsRemoved = true;
            }

            grown = _grownCredit;
            _grownCredit = 0;

            if (goAway is { } reason)
            {
                StageControl(new YamuxHeader(FrameType.GoAway, FrameFlags.None, 0, reason));
            }

            signal = TakeTurn();
        }

        YamuxMetrics.StreamsClosed(streams.Length);
        YamuxLog.Ended(_logger, end);
        var error = new StreamResetException(StreamErrorCode.None, end.ByRemote, new ConnectionClosedException(end));
        foreach (var stream in streams)
        {
            stream.Lose(error);
        }

        if (grown > 0)
        {
            _scope?.Release(grown);
        }

        _acceptor.Complete();
        if (signal)
        {
            _sink.OutputReady();
        }

        ReleaseOpeners();
        _sink.Ended();
    }

    /// <summary>Ends the session because the remote broke its rules.</summary>
    public void EndByViolation(MuxerException error) =>
        End(new ConnectionEnd(error.Code, ByRemote: false, error), error.Code.Value);

    /// <summary>The time, for what users of streams do.</summary>
    public long Now => _sink.Now;

    private static MuxerException Violation(string what) => new(what, new ConnectionErrorCode(GoAwayReason.ProtocolError));
}
