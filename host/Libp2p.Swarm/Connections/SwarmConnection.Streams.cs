using Libp2p.Swarm.Multistream;

namespace Libp2p.Swarm.Connections;

internal sealed partial class SwarmConnection
{
    private readonly Lock _gate = new();
    private SwarmStream? _firstStream; // guarded by _gate
    private int _streamCount; // guarded by _gate
    private long _streamsEver; // guarded by _gate
    private long _idleCheck = -1; // guarded by _gate: how many streams there had ever been when it was first seen without any
    private long _idleSince; // guarded by _gate
    private bool _streamsForgotten; // guarded by _gate
    private bool _noNewStreams; // guarded by _gate
    private ScheduledCompletion<bool>? _streamsGone; // guarded by _gate

    /// <inheritdoc/>
    public IReadOnlyCollection<IStream> Streams
    {
        get
        {
            lock (_gate)
            {
                var streams = new List<IStream>(_streamCount);
                for (var stream = _firstStream; stream is not null; stream = stream.NextStream)
                {
                    if (stream.HasProtocol && !stream.Aborted.IsCancellationRequested) streams.Add(stream);
                }

                return streams;
            }
        }
    }

    /// <summary>How many streams are open; cheap, may count streams that were reset and not disposed.</summary>
    internal int StreamCount
    {
        get
        {
            lock (_gate) return _streamCount;
        }
    }

    /// <summary>For how long it has been seen without streams; the first look says zero.</summary>
    internal TimeSpan IdleFor(long now)
    {
        lock (_gate)
        {
            if (_streamCount > 0 || _streamsEver != _idleCheck)
            {
                _idleCheck = _streamCount > 0 ? -1 : _streamsEver;
                _idleSince = now;
            }

            return Context.Runtime.Time.GetElapsedTime(_idleSince, now);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IStream> OpenStreamAsync(IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(protocols);
        if (protocols.Count == 0) throw new ArgumentException("Name at least one protocol.", nameof(protocols));

        // Common where a connection is closed at once: a throw on the way costs more than the answer.
        return IsUsable ? OpenAsync(protocols, options, cancellationToken) : ValueTask.FromException<IStream>(Ended());
    }

    private async ValueTask<IStream> OpenAsync(IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options, CancellationToken cancellationToken)
    {
        if (Limits is not null && options is not { AllowLimited: true })
        {
            throw new MuxerException($"The {this} is limited (relayed): set OpenStreamOptions.AllowLimited to use it all the same.", ConnectionErrorCode.None);
        }

        Admit();
        SwarmStream stream;
        try
        {
            var muxed = await _secure.OpenStreamAsync(cancellationToken).ConfigureAwait(false);
            stream = new SwarmStream(this, muxed, ConnectionDirection.Outbound);
        }
        catch
        {
            ReturnPlace();
            throw;
        }

        List(stream);
        if (LazyChoice(protocols, options?.Negotiation ?? NegotiationMode.Auto) is { } proposal)
        {
            stream.ProposeLazily(proposal);
            return stream;
        }

        using var activity = SwarmMetrics.Activities.HasListeners() ? SwarmMetrics.Activities.StartActivity("libp2p.stream.negotiate") : null;
        activity?.SetTag("libp2p.peer", RemotePeer.ToString());
        stream.BeginNegotiation();
        var began = Context.Runtime.Time.GetTimestamp();
        try
        {
            var chosen = await MultistreamNegotiator.ProposeAsync(stream.Muxed.Input, stream.Muxed.Output, protocols, cancellationToken).ConfigureAwait(false);
            stream.EndNegotiation();
            stream.Agree(chosen);
            activity?.SetTag("libp2p.protocol", chosen.Value);
            RecordNegotiation(ConnectionDirection.Outbound, began);
            return stream;
        }
        catch (Exception failure)
        {
            await stream.FailAsync(StreamErrorCode.ProtocolNegotiationFailed).ConfigureAwait(false);
            NegotiationFailed(ConnectionDirection.Outbound, failure);
            if (failure is UnsupportedProtocolException)
            {
                foreach (var protocol in protocols)
                {
                    Context.Peers.Unlearn(RemotePeer, protocol);
                }
            }

            if (stream.NegotiationTimedOut) throw stream.TimedOut(failure);
            if (failure is StreamResetException && !IsUsable) throw Ended();
            throw;
        }
    }

    /// <summary>Whether a stream is on the list still.</summary>
    internal bool Lists(SwarmStream stream)
    {
        lock (_gate) return stream.IsListed;
    }

    /// <summary>Takes a stream off the list and returns its place; more than once is harmless.</summary>
    internal void Remove(SwarmStream stream)
    {
        lock (_gate)
        {
            if (!stream.IsListed) return;
            stream.IsListed = false;
            if (stream.PreviousStream is null) _firstStream = stream.NextStream;
            else stream.PreviousStream.NextStream = stream.NextStream;
            if (stream.NextStream is not null) stream.NextStream.PreviousStream = stream.PreviousStream;
            stream.PreviousStream = null;
            stream.NextStream = null;
        }

        stream.Uncount();
        SwarmMetrics.Streams.Add(-1, SwarmMetrics.Direction(stream.Direction));
        ReturnPlace();
    }

    private void RecordNegotiation(ConnectionDirection direction, long began)
    {
        if (SwarmMetrics.NegotiationDuration.Enabled)
        {
            SwarmMetrics.NegotiationDuration.Record(Context.Runtime.Time.GetElapsedTime(began).TotalSeconds, SwarmMetrics.Direction(direction));
        }
    }

    internal void NegotiationFailed(ConnectionDirection direction, Exception why)
    {
        SwarmMetrics.NegotiationsFailed.Add(1, SwarmMetrics.Direction(direction), SwarmMetrics.Reason(why is UnsupportedProtocolException ? "unsupported" : "failed"));
        Context.Logger.NegotiationFailed(Id, why.Message);
    }

    /// <summary>Resets the streams that a role serves.</summary>
    internal void AbortStreamsOf(Roles.Registration owner)
    {
        List<SwarmStream> served = [];
        lock (_gate)
        {
            for (var stream = _firstStream; stream is not null; stream = stream.NextStream)
            {
                if (stream.Owner == owner) served.Add(stream);
            }
        }

        foreach (var stream in served)
        {
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
        }
    }

    /// <summary>The protocol to propose without awaiting the answer; null: await it.</summary>
    private ProtocolId? LazyChoice(IReadOnlyList<ProtocolId> protocols, NegotiationMode mode)
    {
        if (mode == NegotiationMode.Eager) return null;
        for (var i = 0; i < protocols.Count; i++)
        {
            if (Context.Peers.Speaks(RemotePeer, protocols[i])) return protocols[i];
        }

        return mode == NegotiationMode.Lazy ? protocols[0] : null;
    }

    /// <summary>Takes a place for a stream, here and in the node.</summary>
    private void Admit()
    {
        if (!TryAdmit(ConnectionDirection.Outbound, out var why)) throw why;
    }

    private bool TryAdmit(ConnectionDirection direction, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Libp2pException? why)
    {
        why = null;
        lock (_gate)
        {
            if (_noNewStreams || _streamsForgotten)
            {
                why = Ended();
                return false;
            }

            if (Scope.TryAdmitStream(direction, out var denial))
            {
                _streamCount++;
                _streamsEver++;
                return true;
            }

            why = new ResourceLimitException(denial);
            return false;
        }
    }

    private void ReturnPlace()
    {
        ScheduledCompletion<bool>? gone = null;
        lock (_gate)
        {
            if (_streamsForgotten) return;
            _streamCount--;
            if (_streamCount == 0) gone = _streamsGone;
        }

        Scope.ReturnStreams(1);
        gone?.TrySetResult(true);
    }

    private void List(SwarmStream stream)
    {
        lock (_gate)
        {
            if (_streamsForgotten) return;
            stream.NextStream = _firstStream;
            if (_firstStream is not null) _firstStream.PreviousStream = stream;
            _firstStream = stream;
            stream.IsListed = true;
            SwarmMetrics.Streams.Add(1, SwarmMetrics.Direction(stream.Direction));
        }
    }

    /// <summary>Refuses new streams; the task completes once the last has gone.</summary>
    private Task StopStreamsAsync()
    {
        lock (_gate)
        {
            _noNewStreams = true;
            if (_streamCount == 0 || _streamsForgotten) return Task.CompletedTask;
            _streamsGone ??= new ScheduledCompletion<bool>(Context.Runtime.Scheduler);
            return _streamsGone.Task;
        }
    }

    /// <summary>The connection has ended: what its streams held goes back at once, whoever still holds them.</summary>
    private void ForgetStreams()
    {
        int count;
        ScheduledCompletion<bool>? gone;
        lock (_gate)
        {
            if (_streamsForgotten) return;
            _streamsForgotten = true;
            count = _streamCount;
            _streamCount = 0;
            gone = _streamsGone;
            while (_firstStream is { } stream)
            {
                _firstStream = stream.NextStream;
                stream.PreviousStream = null;
                stream.NextStream = null;
                stream.IsListed = false;
                stream.Uncount();
                SwarmMetrics.Streams.Add(-1, SwarmMetrics.Direction(stream.Direction));
            }
        }

        Scope.ReturnStreams(count);
        gone?.TrySetResult(true);
    }

    private Libp2pException Ended() => new ConnectionClosedException(
        _secure.Completion.IsCompletedSuccessfully ? _secure.Completion.Result : new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
}
