using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Session;

/// <content>What depends on time: round trips, windows that grow, keepalive, the write timeout, the rate of resets. Guarded by Gate where nothing else is said.</content>
internal sealed partial class YamuxSession
{
    // Blocks that nobody needed for so long are let go; under pressure all that are unused.
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(30);

    private long _ticksPerSecond; // constant
    private long _keepAliveInterval; // constant; 0: off
    private long _keepAliveTimeout; // constant
    private long _writeTimeout; // constant
    private long _linger; // constant
    private long _nextSweep;
    private long _lastReceived; // written by the receiver, read by the timer
    private long _writeStarted; // 0: no send is pending
    private bool _writeWatched;
    private uint _pingValue;
    private long _pingSent;
    private long _pingDue; // 0: no ping is under way
    private long _roundTrip; // 0: not measured
    private long _grownCredit;
    private double _churnTokens;
    private long _churnRefilled;
    private int _churnStrikes;

    /// <summary>The round-trip time in ticks; 0 while it is not known.</summary>
    public long RoundTrip => Volatile.Read(ref _roundTrip);

    /// <summary>Ticks of a time span.</summary>
    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _ticksPerSecond);

    /// <summary>When something is due next. <see cref="HandleTimeout"/> returns the same.</summary>
    public long NextDue
    {
        get
        {
            lock (Gate)
            {
                return Due();
            }
        }
    }

    /// <summary>The wire is busy: the layer below did not take a send at once.</summary>
    public void WriteStarted(long now)
    {
        lock (Gate)
        {
            _writeStarted = Math.Max(now, 1);
            if (_writeWatched)
            {
                return; // a timer runs already and will look
            }

            _writeWatched = true;
        }

        _sink.Arm(now + _writeTimeout);
    }

    /// <summary>The send that <see cref="WriteStarted"/> told of is over.</summary>
    public void WriteEnded()
    {
        lock (Gate)
        {
            _writeStarted = 0;
        }
    }

    /// <summary>Does what is due.</summary>
    /// <returns>When to come again.</returns>
    public long HandleTimeout(long now)
    {
        string? dead = null;
        var signal = false;
        List<YamuxStream>? abandoned = null;
        long due;
        lock (Gate)
        {
            if (_end is not null)
            {
                return long.MaxValue;
            }

            if (_writeWatched)
            {
                if (_writeStarted == 0)
                {
                    _writeWatched = false;
                }
                else if (now >= _writeStarted + _writeTimeout)
                {
                    dead = $"A send did not end within {Options.WriteTimeout}: the remote does not read.";
                }
            }

            if (_pingDue != 0 && now >= _pingDue)
            {
                if (Volatile.Read(ref _lastReceived) > _pingSent)
                {
                    _pingDue = now + _keepAliveTimeout; // it does not answer, but it is alive
                    _pingSent = now;
                }
                else
                {
                    dead ??= $"Nothing arrived within {Options.KeepAliveTimeout} after a ping: the remote is gone.";
                }
            }

            if (now >= _nextSweep)
            {
                abandoned = Abandoned(now);
                _nextSweep = now + (_keepAliveInterval > 0 ? _keepAliveInterval : Ticks(TimeSpan.FromSeconds(30)));
                if (_keepAliveInterval > 0 && _pingDue == 0 && dead is null)
                {
                    StagePing(now);
                    signal = TakeTurn();
                }
            }

            due = Due();
        }

        foreach (var stream in abandoned ?? [])
        {
            Reset(stream, StreamErrorCode.None);
        }

        BlockPool.Shared.Trim(now, Ticks(TrimInterval), all: IsShortOfMemory);

        if (dead is not null)
        {
            End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true, new MuxerException(dead)), goAway: null);
            return long.MaxValue;
        }

        if (signal)
        {
            _sink.OutputReady();
        }

        return due;
    }

    /// <summary>Measures the round trip, where it is not known and not being measured.</summary>
    public void MeasureRoundTrip(long now)
    {
        bool signal;
        lock (Gate)
        {
            if (_roundTrip != 0 || _pingDue != 0 || _end is not null)
            {
                return;
            }

            StagePing(now);
            signal = TakeTurn();
        }

        _sink.Arm(now + _keepAliveTimeout);
        if (signal)
        {
            _sink.OutputReady();
        }
    }

    /// <summary>Whether credit above the initial windows is not to be granted now, and to be taken back.</summary>
    public bool IsShortOfMemory => _scope is { Pressure: >= ResourcePressure.Shrink };

    /// <summary>Takes back credit above the initial window that a stream returned and was not granted again.</summary>
    public void Shrink(YamuxStream stream, int by)
    {
        long released;
        lock (Gate)
        {
            released = Math.Min(by, stream.Grown);
            stream.Grown -= released;
            _grownCredit -= released;
        }

        if (released > 0)
        {
            _scope?.Release(released);
        }
    }

    /// <summary>Commits credit above the initial window to a stream, or none.</summary>
    public bool TryGrow(YamuxStream stream, int by)
    {
        if (_scope is not null && !_scope.TryReserve(by, ReservationPriority.Low, out _))
        {
            return false;
        }

        lock (Gate)
        {
            if (!stream.IsRemoved && _grownCredit + by <= Options.MaxGrownCredit)
            {
                _grownCredit += by;
                stream.Grown += by;
                by = 0;
            }
        }

        if (by == 0)
        {
            return true;
        }

        _scope?.Release(by);
        return false;
    }

    private void InitializeTiming(long now, long ticksPerSecond)
    {
        _ticksPerSecond = ticksPerSecond;
        _keepAliveInterval = Options.KeepAliveInterval == Timeout.InfiniteTimeSpan ? 0 : Ticks(Options.KeepAliveInterval);
        _keepAliveTimeout = Ticks(Options.KeepAliveTimeout);
        _writeTimeout = Ticks(Options.WriteTimeout);
        _linger = Ticks(Options.LingerTimeout);
        _nextSweep = now + (_keepAliveInterval > 0 ? _keepAliveInterval : Ticks(TimeSpan.FromSeconds(30)));
        _lastReceived = now;
        _churnTokens = Options.ResetBurst;
        _churnRefilled = now;
    }

    private void NoteReceived(long now) => Volatile.Write(ref _lastReceived, now);

    private void StagePing(long now)
    {
        _pingSent = now;
        _pingDue = now + _keepAliveTimeout;
        StageControl(new YamuxHeader(FrameType.Ping, FrameFlags.Syn, 0, ++_pingValue));
    }

    private void HandlePong(uint value, long now)
    {
        lock (Gate)
        {
            if (_pingDue == 0 || value != _pingValue)
            {
                return; // late, or never asked for
            }

            _pingDue = 0;
            var sample = Math.Max(now - _pingSent, 1);
            _roundTrip = _roundTrip == 0 ? sample : (_roundTrip + sample) / 2;
        }
    }

    private long Due()
    {
        var due = _nextSweep;
        if (_pingDue != 0)
        {
            due = Math.Min(due, _pingDue);
        }

        if (_writeWatched && _writeStarted != 0)
        {
            due = Math.Min(due, _writeStarted + _writeTimeout);
        }

        return due;
    }

    private List<YamuxStream>? Abandoned(long now)
    {
        List<YamuxStream>? found = null;
        foreach (var stream in _streams.Values)
        {
            if (stream.LingersSince != 0 && now - stream.LingersSince >= _linger)
            {
                (found ??= []).Add(stream);
            }
        }

        return found;
    }

    private void CountChurn()
    {
        lock (Gate)
        {
            var now = Volatile.Read(ref _lastReceived);
            _churnTokens = Math.Min(
                Options.ResetBurst, _churnTokens + ((double)(now - _churnRefilled) / _ticksPerSecond * Options.ResetsPerSecond));
            _churnRefilled = now;
            if (_churnTokens >= 1)
            {
                _churnTokens--;
                return;
            }

            if (++_churnStrikes <= Options.MaxResetStrikes)
            {
                return;
            }
        }

        throw Violation($"The remote opens and resets streams faster than {Options.ResetsPerSecond} a second.");
    }

    /// <summary>Resets the stream whose unread data holds most memory. False where none holds any.</summary>
    public bool Shed()
    {
        YamuxStream? greediest = null;
        var most = 0;
        lock (Gate)
        {
            foreach (var stream in _streams.Values)
            {
                var held = stream.Input.Held;
                if (held > most)
                {
                    (greediest, most) = (stream, held);
                }
            }
        }

        if (greediest is null)
        {
            return false;
        }

        YamuxLog.GreediestReset(_logger, (uint)greediest.Id);
        Reset(greediest, StreamErrorCode.ResourceLimitExceeded);
        return true;
    }
}
