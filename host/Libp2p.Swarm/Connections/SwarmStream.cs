using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Connections;

/// <summary>
/// A muxed stream on which a protocol is agreed, or proposed. It stands beside the bytes, not between them: input and output are the muxer's own as soon
/// as the negotiation is over. One reader and one writer; <see cref="Abort"/> from any thread.
/// </summary>
internal sealed class SwarmStream(SwarmConnection connection, IMuxedStream muxed, ConnectionDirection direction) : Deadline, IStream
{
    private LazyInput? _lazyInput;
    private LazyOutput? _lazyOutput;
    private ProtocolId? _protocol;
    private ResourceScope? _scope;
    private ProtocolScope? _counted; // the protocol among whose streams it is; taken once
    private volatile bool _timedOut;
    private int _disposed;

    // Guarded by the connection's lock.
    internal SwarmStream? PreviousStream;
    internal SwarmStream? NextStream;
    internal bool IsListed;

    /// <inheritdoc/>
    public ulong Id => muxed.Id;

    /// <inheritdoc/>
    public ProtocolId Protocol => _protocol ?? throw new InvalidOperationException("No protocol is agreed yet.");

    /// <summary>Whether it has a protocol, agreed or proposed: before, it is nothing that users see.</summary>
    internal bool HasProtocol => Volatile.Read(ref _protocol) is not null;

    /// <inheritdoc/>
    public IConnection Connection => connection;

    /// <inheritdoc/>
    public ConnectionDirection Direction => direction;

    /// <inheritdoc/>
    public PipeReader Input => _lazyInput is { IsAgreed: false } lazy ? lazy : muxed.Input;

    /// <inheritdoc/>
    public PipeWriter Output => _lazyOutput is { IsOpen: false } lazy ? lazy : muxed.Output;

    /// <inheritdoc/>
    public CancellationToken Aborted => muxed.Aborted;

    /// <inheritdoc/>
    public Task WritesClosed => muxed.WritesClosed;

    /// <summary>The muxer's stream.</summary>
    internal IMuxedStream Muxed => muxed;

    /// <summary>The role that serves it; null while negotiating, and for streams opened here.</summary>
    internal Registration? Owner { get; private set; }

    /// <summary>Whether the time to agree on a protocol ran out.</summary>
    internal bool NegotiationTimedOut => _timedOut;

    /// <inheritdoc/>
    public void Abort(StreamSide side, StreamErrorCode code)
    {
        muxed.Abort(side, code);
        if (side == StreamSide.Both) connection.Remove(this);
    }

    /// <inheritdoc/>
    public object? GetFeature(Type type)
    {
        if (type == typeof(IResourceScope))
        {
            if (_scope is { } known) return known;
            var made = connection.Scope.ForStream(_counted);
            if (Interlocked.CompareExchange(ref _scope, made, null) is { } other) return other;
            if (Volatile.Read(ref _disposed) != 0) made.Dispose();
            return made;
        }

        return muxed.GetFeature(type);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        EndNegotiation();
        try
        {
            if (_lazyOutput is { IsOpen: false } lazy)
            {
                if (lazy.IsUntouched)
                {
                    // Nobody used it: the remote need not be asked.
                    muxed.Abort(StreamSide.Both, StreamErrorCode.None);
                }
                else
                {
                    await lazy.SendProposalAsync().ConfigureAwait(false);
                }
            }

            await muxed.DisposeAsync().ConfigureAwait(false);
        }
        catch (Libp2pException cause)
        {
            connection.Context.Logger.DisposeFailed(cause, "a stream");
        }
        finally
        {
            _scope?.Dispose();
            connection.Remove(this);
        }
    }

    /// <summary>Reset before a protocol was agreed, or by a handler that failed: abort and dispose.</summary>
    internal ValueTask FailAsync(StreamErrorCode code)
    {
        muxed.Abort(StreamSide.Both, code);
        return DisposeAsync();
    }

    internal void Agree(ProtocolId protocol, Registration? owner = null)
    {
        Owner = owner;
        _protocol = protocol;
    }

    /// <summary>Counts it among the streams of its protocol that remotes opened.</summary>
    internal bool TryCount([NotNullWhen(false)] out ResourceDenial? why)
    {
        var scope = connection.Context.Governor.Protocols.Of(Protocol);
        if (!scope.TryEnter(direction, out why)) return false;
        Volatile.Write(ref _counted, scope);
        if (!connection.Lists(this)) Uncount();
        return true;
    }

    /// <summary>It is no longer one of its protocol's streams; more than once is harmless.</summary>
    internal void Uncount() => Interlocked.Exchange(ref _counted, null)?.Leave();

    internal void ProposeLazily(ProtocolId protocol)
    {
        _protocol = protocol;
        _lazyOutput = new LazyOutput(muxed.Output, protocol);
        _lazyInput = new LazyInput(this, muxed.Input, _lazyOutput, protocol);
    }

    internal void BeginNegotiation() => BeginNegotiation(connection.Context.Runtime.Time.GetTimestamp());

    /// <summary>Begins it as of a moment that has passed.</summary>
    internal void BeginNegotiation(long since) => connection.Context.NegotiationDeadlines.Add(this, since);

    internal void EndNegotiation()
    {
        if (Queue is not null) connection.Context.NegotiationDeadlines.Remove(this);
    }

    /// <summary>The remote did not accept what was proposed lazily.</summary>
    internal void Refused(NegotiationException why)
    {
        connection.NegotiationFailed(direction, why);
        if (why is UnsupportedProtocolException) connection.Context.Peers.Unlearn(connection.RemotePeer, Protocol);
        muxed.Abort(StreamSide.Both, StreamErrorCode.ProtocolNegotiationFailed);
    }

    /// <summary>Runs the handler, whose use has been entered, to its end: what follows the end of the handler is the end of the stream.</summary>
    internal async Task ServeAsync()
    {
        var owner = Owner!;
        try
        {
            using (var activity = SwarmMetrics.Activities.HasListeners() ? SwarmMetrics.Activities.StartActivity("libp2p.stream.handle") : null)
            {
                activity?.SetTag("libp2p.protocol", Protocol.Value);
                await owner.As<IProtocolHandler>().HandleAsync(this, muxed.Aborted).ConfigureAwait(false);
            }

            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            Report(cause);
            await FailAsync(CodeOf(cause)).ConfigureAwait(false);
        }
        finally
        {
            owner.Uses.Exit();
            connection.Context.Handlers.Exit();
        }
    }

    /// <summary>A peer's doing is told quietly; a handler's own mistake is not.</summary>
    private void Report(Exception cause)
    {
        if (cause is Libp2pException || (cause is OperationCanceledException && muxed.Aborted.IsCancellationRequested))
        {
            connection.Context.Logger.HandlerEnded(Protocol, connection.Id, cause.Message);
        }
        else
        {
            connection.Context.Logger.HandlerFailed(cause, Protocol, connection.Id);
        }
    }

    private static StreamErrorCode CodeOf(Exception cause) => cause switch
    {
        ProtocolException => StreamErrorCode.ProtocolViolation,
        ResourceLimitException => StreamErrorCode.ResourceLimitExceeded,
        _ => StreamErrorCode.None,
    };

    internal NegotiationException TimedOut(Exception? cause) =>
        new($"No protocol was agreed within {connection.Context.Options.StreamNegotiationTimeout.TotalSeconds:0.###} s.", cause);

    protected internal override void OnDeadline()
    {
        _timedOut = true;
        muxed.Abort(StreamSide.Both, StreamErrorCode.ProtocolNegotiationFailed);
    }
}
