using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Swarm.Dialing;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Connections;

/// <summary>The connections open now, by peer. Thread-safe.</summary>
internal sealed class ConnectionTable(SwarmContext context)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, List<SwarmConnection>> _byPeer = []; // guarded by _gate; lists are never empty
    private readonly Dictionary<Multiaddr, List<SwarmConnection>> _dialed = []; // guarded by _gate; those that this node dialed, the newest last; lists are never empty
    private bool _closed; // guarded by _gate
    private long _lastId;

    /// <summary>Told of each new connection, and of the dial that made it if one did; after everybody else.</summary>
    public Action<SwarmConnection, PeerDial?>? Opened { get; set; }

    public SwarmConnection[] Snapshot()
    {
        lock (_gate) return [.. _byPeer.Values.SelectMany(static connections => connections)];
    }

    /// <summary>Makes a connection of its parts, tells everybody, and starts to serve it. What it refuses it closes.</summary>
    /// <param name="parts">What it is made of; owned from here on.</param>
    /// <param name="dial">The dial that made it; null: none did.</param>
    /// <exception cref="ConnectionGatedException">A rule forbids it.</exception>
    /// <exception cref="ResourceLimitException">The peer has too many connections.</exception>
    /// <exception cref="ConnectionClosedException">The node is stopping.</exception>
    public async ValueTask<SwarmConnection> OpenAsync(ConnectionParts parts, PeerDial? dial = null)
    {
        if (TryAdd(parts, out var connection, out var refusal))
        {
            foreach (var observer in context.Roles.Current.Observers)
            {
                Observe(observer, connection, static (o, c, _) => o.OnConnected(c), null);
            }

            context.Logger.Connected(connection.Id, connection.RemotePeer, connection.Remote, connection.Direction, connection.Security, connection.Muxer);
            context.Events.Publish(new ConnectionOpened(connection));
            connection.Start();
            context.Evictor.Opened();
            Opened?.Invoke(connection, dial);
            return connection;
        }

        parts.Secure.Abort(refusal is ResourceLimitException ? ConnectionErrorCode.ResourceLimitExceeded : ConnectionErrorCode.None);
        await parts.Secure.DisposeAsync().ConfigureAwait(false);
        parts.Scope.Dispose();
        foreach (var role in parts.Uses)
        {
            role.Uses.Exit();
        }

        throw refusal;
    }

    /// <summary>The connection has ended: called once by itself.</summary>
    public void Remove(SwarmConnection connection, ConnectionEnd end)
    {
        lock (_gate)
        {
            Unlist(_byPeer, connection.RemotePeer, connection);
            context.Peers.Disconnected(connection.RemotePeer);
            if (connection.Direction == ConnectionDirection.Outbound) Unlist(_dialed, connection.Remote, connection);
        }

        foreach (var observer in context.Roles.Current.Observers)
        {
            Observe(observer, connection, static (o, c, e) => o.OnDisconnected(c, e!), end);
        }

        context.Observed.Forget(connection);
        context.Events.Publish(new ConnectionClosed(connection, end));
    }

    /// <summary>The best usable connection to a peer that meets a need: unlimited before limited, direct before relayed, more streams, newest. Null: none.</summary>
    public SwarmConnection? Best(PeerId peer, ConnectionNeed need)
    {
        lock (_gate)
        {
            if (!_byPeer.TryGetValue(peer, out var connections)) return null;
            SwarmConnection? best = null;
            var rank = (Unlimited: false, Direct: false, Streams: -1, Id: 0L);
            foreach (var connection in connections)
            {
                if (!connection.IsUsable || !connection.Meets(need)) continue;
                var candidate = (connection.Limits is null, !AddressRules.IsRelayed(connection.Remote), connection.StreamCount, connection.Id);
                if (best is not null && candidate.CompareTo(rank) <= 0) continue;
                rank = candidate;
                best = connection;
            }

            return best;
        }
    }

    /// <summary>The newest usable connection that was dialed at an address, whoever answered, and meets a need. Null: none.</summary>
    public SwarmConnection? At(Multiaddr address, ConnectionNeed need)
    {
        lock (_gate)
        {
            return _dialed.TryGetValue(address, out var connections) ? connections.FindLast(connection => connection.IsUsable && connection.Meets(need)) : null;
        }
    }

    /// <summary>Admits no more connections; returns those that are open.</summary>
    public SwarmConnection[] Close()
    {
        lock (_gate) _closed = true;
        return Snapshot();
    }

    private bool TryAdd(ConnectionParts parts, [NotNullWhen(true)] out SwarmConnection? connection, [NotNullWhen(false)] out Libp2pException? refusal)
    {
        connection = null;
        var secure = parts.Secure;
        refusal = context.Gates.Refuse(GatePoint.Upgraded, parts.Direction, secure.RemotePeer, secure.Local, secure.Remote);
        if (refusal is not null) return false;
        lock (_gate)
        {
            if (_closed || !context.Work.TryEnter())
            {
                refusal = new ConnectionClosedException(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
                return false;
            }

            if (!parts.Scope.TryAssign(secure.RemotePeer, out var denial))
            {
                context.Work.Exit();
                refusal = new ResourceLimitException(denial);
                return false;
            }

            connection = new SwarmConnection(context, ++_lastId, parts);
            List(_byPeer, connection.RemotePeer, connection);
            context.Peers.Connected(connection.RemotePeer);
            if (connection.Direction == ConnectionDirection.Outbound) List(_dialed, connection.Remote, connection);
            return true;
        }
    }

    private static void List<TKey>(Dictionary<TKey, List<SwarmConnection>> lists, TKey key, SwarmConnection connection) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        list.Add(connection);
    }

    private static void Unlist<TKey>(Dictionary<TKey, List<SwarmConnection>> lists, TKey key, SwarmConnection connection) where TKey : notnull
    {
        var list = lists[key];
        list.Remove(connection);
        if (list.Count == 0) lists.Remove(key);
    }

    private void Observe(Roles.Registration observer, SwarmConnection connection, Action<IConnectionObserver, SwarmConnection, ConnectionEnd?> call, ConnectionEnd? end)
    {
        try
        {
            call(observer.As<IConnectionObserver>(), connection, end);
        }
        catch (Exception cause)
        {
            context.Logger.ObserverFailed(cause, observer.Name);
        }
    }
}
