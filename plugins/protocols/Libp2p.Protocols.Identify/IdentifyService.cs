using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Identify;

/// <summary>
/// Identify on the connections of a node: asks each new one, keeps the answers while they live, and tells peers of changes. Thread-safe. Owns no connection.
/// </summary>
internal sealed partial class IdentifyService : IIdentifyService, IConnectionObserver, IAsyncDisposable
{
    private static readonly OpenStreamOptions _open = new() { AllowLimited = true, NoDial = true, Negotiation = NegotiationMode.Lazy };

    private readonly ConcurrentDictionary<IConnection, IdentifyState> _states = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly INode _node;
    private readonly NodeRuntime _runtime;
    private readonly IdentifySelf _self;
    private readonly Action<NodeEvent> _publish;
    private readonly IdentifyOptions _options;
    private readonly ILogger _logger;

    public IdentifyService(INode node, NodeRuntime runtime, IdentifySelf self, PluginContext context, IOptions<IdentifyOptions> options, ILogger<IdentifyService> logger)
    {
        _node = node;
        _runtime = runtime;
        _self = self;
        _publish = context.Publish;
        _options = options.Value;
        _logger = logger;
        _changes = new ChangeWatch(this);
    }

    /// <summary>Of how many connections something is kept.</summary>
    internal int Kept => _states.Count;

    public void OnConnected(IConnection connection)
    {
        if (_options.IdentifyOnConnect && !_stopping.IsCancellationRequested)
        {
            // What comes of it is kept in the state, for who asks, until the end, which is told behind this.
            _runtime.Scheduler.Schedule(static call => ((IdentifyState)call!).StartBehind(), _states.GetOrAdd(connection, static (one, self) => new IdentifyState(self, one), this));
        }
    }

    public void OnDisconnected(IConnection connection, ConnectionEnd end) => _states.TryRemove(connection, out _);

    public async ValueTask<IdentifyInfo> IdentifyAsync(IConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Completion.IsCompleted)
        {
            throw new ConnectionClosedException(await connection.Completion.ConfigureAwait(false));
        }

        var state = StateOf(connection);
        state.Start();
        var info = await state.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        return state.Latest ?? info;
    }

    /// <summary>Takes in what a peer told: checks it, keeps it, and makes it known.</summary>
    /// <exception cref="ProtocolException">It tells a key that is not its own.</exception>
    public IdentifyInfo Learn(IConnection connection, Message message, bool pushed)
    {
        var state = StateOf(connection);
        var info = IdentifyReader.Read(message, connection.RemotePeer, connection.RemoteKey, pushed ? state.Latest : null, out var badRecord);
        if (badRecord is not null)
        {
            IdentifyLog.RecordRefused(_logger, connection.RemotePeer, badRecord);
        }

        state.Latest = info;
        _node.Peers.Update(info);
        if (message.SignedPeerRecord is not null && info.SignedRecord is { } record && badRecord is null)
        {
            var kept = record with { Addresses = [.. IdentifyReader.Reachable(record.Addresses, connection.Remote)] };
            if (!_node.Peers.ConsumeRecord(kept, _options.AddressLifetime, info.SignedEnvelope))
            {
                // Not newer than what is known: it adds nothing, but what is known of it lives on.
                IdentifyLog.RecordNotNewer(_logger, connection.RemotePeer, record.Sequence);
                if (_node.Peers.TryGet(info.PeerId, out var known))
                {
                    _node.Peers.AddAddresses(info.PeerId, known.Addresses.Intersect(kept.Addresses), _options.AddressLifetime);
                }
            }
        }
        else
        {
            _node.Peers.AddAddresses(info.PeerId, IdentifyReader.Reachable(info.ListenAddresses, connection.Remote), _options.AddressLifetime);
        }

        IdentifyLog.Identified(_logger, info.PeerId, info.AgentVersion, info.ListenAddresses.Length, info.Protocols.Length);
        _publish(new PeerIdentified(connection, info, pushed));
        return info;
    }

    public async ValueTask DisposeAsync()
    {
        // Off the caller's stack: whatever was under way ends within the call that cancels.
        await _runtime.Scheduler.Yield();
        Stop();
        await _changes.DisposeAsync().ConfigureAwait(false);
        _states.Clear();
    }

    private void Stop() => _stopping.Cancel();

    private IdentifyState StateOf(IConnection connection)
    {
        if (_states.TryGetValue(connection, out var state))
        {
            return state;
        }

        // Not asked when it was new, or it has ended. A node forgets a connection, then tells of its end, and only then completes it: of one that it still knows the end will be told.
        state = _states.GetOrAdd(connection, static (one, self) => new IdentifyState(self, one), this);
        if (!_node.Connections.Contains(connection))
        {
            _states.TryRemove(connection, out _);
        }

        return state;
    }

    /// <summary>Asks, and passes the answer or the failure on. It throws nothing: connections that end at once are common, and each throw on the way up costs.</summary>
    private async Task AskAsync(IConnection connection, ScheduledCompletion<IdentifyInfo> answer)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, late.Token);
        IStream? stream = null;
        try
        {
            stream = await connection.OpenStreamAsync([IdentifyHandler.ProtocolId], _open, either.Token).ConfigureAwait(false);
            var info = Learn(connection, await IdentifyExchange.ReceiveAsync(stream, either.Token).ConfigureAwait(false), pushed: false);
            IdentifyMetrics.Identified.Add(1);
            await stream.DisposeAsync().ConfigureAwait(false);
            answer.TrySetResult(info);
        }
        catch (Exception e)
        {
            if (stream is not null)
            {
                stream.Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation);
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            switch (e)
            {
                case OperationCanceledException when _stopping.IsCancellationRequested:
                    answer.TrySetCanceled();
                    break;
                case OperationCanceledException:
                    answer.TrySetException(Report(connection, new ProtocolException($"{connection.RemotePeer} did not tell what it is within {_options.Timeout.TotalSeconds} s.", e)));
                    break;
                default:
                    answer.TrySetException(e is Libp2pException known ? Report(connection, known) : e);
                    break;
            }
        }
    }

    private Libp2pException Report(IConnection connection, Libp2pException cause)
    {
        IdentifyMetrics.Failed.Add(1);
        IdentifyLog.Failed(_logger, connection.RemotePeer, cause);
        return cause;
    }

    /// <summary>What is known of a connection's peer: asked once, and again only after a failure.</summary>
    private sealed class IdentifyState(IdentifyService service, IConnection connection)
    {
        private readonly Lock _gate = new();
        private ScheduledCompletion<IdentifyInfo>? _answer; // guard: _gate

        /// <summary>The latest that it told, by answer or push; null: nothing yet.</summary>
        public IdentifyInfo? Latest { get; set; }

        /// <summary>The answer; started before.</summary>
        public Task<IdentifyInfo> Answer
        {
            get
            {
                lock (_gate)
                {
                    return _answer?.Task ?? throw new InvalidOperationException("Not asked yet.");
                }
            }
        }

        /// <summary>Starts behind those who wait for the connection, and are told of it after the observers: who closes it at once spares both sides a stream, and its end by exceptions.</summary>
        public void StartBehind() => service._runtime.Scheduler.Schedule(static call => ((IdentifyState)call!).Start(), this);

        public void Start()
        {
            ScheduledCompletion<IdentifyInfo> answer;
            lock (_gate)
            {
                if (_answer?.Task is { IsFaulted: false, IsCanceled: false })
                {
                    return;
                }

                answer = new ScheduledCompletion<IdentifyInfo>(service._runtime.Scheduler);
                _answer = answer;
            }

            _ = service.AskAsync(connection, answer);
        }
    }
}
