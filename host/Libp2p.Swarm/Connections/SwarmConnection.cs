using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Connections;

/// <summary>What the swarm knows of a connection when it becomes one.</summary>
/// <param name="Secure">The muxed connection that knows its peer.</param>
/// <param name="Direction">Who opened it.</param>
/// <param name="Security">The security channel; null for transports that secure by themselves.</param>
/// <param name="Muxer">The muxer; null for transports that mux by themselves.</param>
/// <param name="Scope">Its place among the resources; owned by the connection.</param>
/// <param name="Uses">The roles that it uses, entered; left when it ends.</param>
internal sealed record ConnectionParts(
    ISecureConnection Secure, ConnectionDirection Direction, ProtocolId? Security, ProtocolId? Muxer, ConnectionScope Scope, ImmutableArray<Registration> Uses);

/// <summary>A connection as users see it: it opens, serves, lists and counts streams. Thread-safe.</summary>
internal sealed partial class SwarmConnection : IConnection
{
    private readonly ConnectionParts _parts;
    private readonly ISecureConnection _secure;
    private readonly ScheduledCompletion<ConnectionEnd> _completion;
    private readonly ScheduledCompletion<bool> _released;
    private int _closing;

    public SwarmConnection(SwarmContext context, long id, ConnectionParts parts)
    {
        Context = context;
        _completion = new ScheduledCompletion<ConnectionEnd>(context.Runtime.Scheduler);
        _released = new ScheduledCompletion<bool>(context.Runtime.Scheduler);
        Id = id;
        _parts = parts;
        _secure = parts.Secure;
        OpenedAt = context.Runtime.Time.GetUtcNow();
        Remote = parts.Secure.Remote.WithoutPeerId() ?? parts.Secure.Remote;
    }

    /// <inheritdoc/>
    public long Id { get; }

    /// <inheritdoc/>
    public PeerId RemotePeer => _secure.RemotePeer;

    /// <inheritdoc/>
    public PublicKey RemoteKey => _secure.RemoteKey;

    /// <inheritdoc/>
    public Multiaddr Local => _secure.Local;

    /// <inheritdoc/>
    public Multiaddr Remote { get; }

    /// <inheritdoc/>
    public ConnectionDirection Direction => _parts.Direction;

    /// <inheritdoc/>
    public ProtocolId? Security => _parts.Security;

    /// <inheritdoc/>
    public ProtocolId? Muxer => _parts.Muxer;

    /// <inheritdoc/>
    public DateTimeOffset OpenedAt { get; }

    /// <inheritdoc/>
    public ConnectionLimits? Limits => _secure.Limits;

    /// <inheritdoc/>
    public Task<ConnectionEnd> Completion => _completion.Task;

    internal SwarmContext Context { get; }

    internal ConnectionScope Scope => _parts.Scope;

    /// <summary>Completes once everything that belonged to it has been returned.</summary>
    internal Task Released => _released.Task;

    /// <summary>Whether new streams can be opened on it.</summary>
    internal bool IsUsable => Volatile.Read(ref _closing) == 0 && !_secure.Completion.IsCompleted;

    /// <inheritdoc/>
    public object? GetFeature(Type type) => type == typeof(IResourceScope) ? Scope : _secure.GetFeature(type);

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        // Not awaited: what a remote holds up must not hold up who gives up waiting.
        if (Interlocked.Exchange(ref _closing, 1) == 0) _ = DisposeSecureAsync();
        await Released.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Abort(ConnectionErrorCode code)
    {
        Volatile.Write(ref _closing, 1);
        _secure.Abort(code);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    internal bool Meets(ConnectionNeed need) => need switch
    {
        ConnectionNeed.Unlimited => Limits is null,
        ConnectionNeed.Direct => Limits is null && !AddressRules.IsRelayed(Remote),
        _ => true,
    };

    public override string ToString() => $"connection {Id} with {RemotePeer} at {Remote}";

    internal bool UsesRole(Registration role) => _parts.Uses.Contains(role);

    /// <summary>Lets the streams finish, but no longer than the token allows, then closes.</summary>
    internal async Task DrainAsync(CancellationToken giveUp)
    {
        try
        {
            await StopStreamsAsync().WaitAsync(giveUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Time is up: closing takes the rest of the streams with it.
        }

        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Starts to serve; once, after the node knows of the connection.</summary>
    internal void Start()
    {
        SwarmMetrics.Connections.Add(1, SwarmMetrics.Direction(Direction));

        using (Flow.Suppress())
        {
            _ = AcceptLoopAsync();
            _ = WatchAsync();
        }
    }

    private async Task WatchAsync()
    {
        ConnectionEnd end;
        try
        {
            end = await _secure.Completion.ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            // A muxer must not do so; what it held is given back all the same.
            end = new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false, cause);
        }

        Volatile.Write(ref _closing, 1);
        Context.Connections.Remove(this, end);
        SwarmMetrics.Connections.Add(-1, SwarmMetrics.Direction(Direction));
        Context.Logger.Disconnected(Id, RemotePeer, end);
        await DisposeSecureAsync().ConfigureAwait(false);
        ForgetStreams();
        Scope.Dispose();
        foreach (var role in _parts.Uses)
        {
            role.Uses.Exit();
        }

        _completion.TrySetResult(end);
        _released.TrySetResult(true);
        Context.Work.Exit();
    }

    private async Task DisposeSecureAsync()
    {
        try
        {
            await _secure.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Context.Logger.DisposeFailed(cause, ToString());
        }
    }
}
