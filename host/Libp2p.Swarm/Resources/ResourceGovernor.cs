using System.Diagnostics.CodeAnalysis;
using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Resources.Networks;

namespace Libp2p.Swarm.Resources;

/// <summary>
/// Admits connections, streams and memory within two budgets, bytes and descriptors, or says which limit forbids it; and knows when a budget runs short. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of the root would hide what others have not given back.")]
internal sealed partial class ResourceGovernor
{
    /// <summary>What a connection costs before anybody reserves anything for it: its objects and queues.</summary>
    public const int ConnectionPrice = 16 * 1024;

    /// <summary>What a stream costs before anybody reserves anything for it.</summary>
    public const int StreamPrice = 1024;

    private readonly ResourceOptions _options;
    private readonly ResourceScope _node;
    private readonly ScopeLimits _nodeLimits;
    private readonly ScopeLimits _connectionLimits;
    private readonly int _maxConnections;
    private readonly int _maxDescriptors;
    private int _connections;
    private int _transient;
    private int _descriptors;

    public ResourceGovernor(ResourceOptions options, TimeProvider time)
    {
        _options = options;
        _maxConnections = options.EffectiveMaxConnections;
        _maxDescriptors = options.EffectiveDescriptors;
        Refusals = new Refusals(time);
        Tags = new Eviction.PeerTags(options, time);
        Networks = new NetworkLimits(options.Networks, time, Refusals);
        var memory = options.EffectiveMemory;
        _nodeLimits = new ScopeLimits(this, memory, "Resources:Memory", options.MaxStreams, "Resources:MaxStreams") { Alarm = AlarmAt(memory, ResourcePressure.Shrink) };
        _node = new ResourceScope("node", null, _nodeLimits);
        Transient = new ResourceScope("transient", _node, new ScopeLimits(this, options.EffectiveMemoryTransient, "Resources:MemoryTransient"));
        var peers = new ScopeLimits(this, options.EffectiveMemoryPerPeer, "Resources:MemoryPerPeer", options.EffectiveMaxStreamsPerPeer, "Resources:MaxStreamsPerPeer");
        Peers = new PeerScopes(this, _node, peers, options.MaxConnectionsPerPeer);
        _connectionLimits = new ScopeLimits(this, options.EffectiveMemoryPerConnection, "Resources:MemoryPerConnection", options.MaxStreamsPerConnection, "Resources:MaxStreamsPerConnection");
        StreamLimits = new ScopeLimits(this, options.EffectiveMemoryPerConnection, "Resources:MemoryPerConnection");
        Protocols = new ProtocolScopes(new ScopeLimits(this, memory, "Resources:Memory"), options.EffectiveMaxStreamsPerProtocol);
    }

    public Refusals Refusals { get; }

    /// <summary>Holds what connections hold that do not know their peer yet.</summary>
    public ResourceScope Transient { get; }

    public PeerScopes Peers { get; }

    public NetworkLimits Networks { get; }

    public ProtocolScopes Protocols { get; }

    public ScopeLimits StreamLimits { get; }

    /// <summary>Connections admitted now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Of those the ones that do not know their peer yet.</summary>
    public int TransientConnections => Volatile.Read(ref _transient);

    /// <summary>Streams admitted now.</summary>
    public int Streams => _node.Streams;

    /// <summary>Bytes reserved now.</summary>
    public long Reserved => _node.Reserved;

    /// <summary>Descriptors held now, as far as addresses tell.</summary>
    public int Descriptors => Volatile.Read(ref _descriptors);

    /// <summary>Admits a connection, before its handshakes. Disposing the scope returns its place, its descriptors and its bytes.</summary>
    public bool TryAdmitConnection(ConnectionDirection direction, Multiaddr? remote, [NotNullWhen(true)] out ConnectionScope? scope, [NotNullWhen(false)] out ResourceDenial? why)
    {
        scope = null;
        IPAddress? from = null;
        var descriptors = AddressRules.DescriptorsOf(remote);
        if (direction == ConnectionDirection.Inbound && !Networks.TryEnter(remote, out from, out why)) return false;
        if (!TryCount(ref _connections, 1, _maxConnections, "connections", "Resources:MaxConnections", direction, out why))
        {
            Networks.Leave(from);
            return false;
        }

        if (!TryCount(ref _descriptors, descriptors, _maxDescriptors, "descriptors", "Resources:Descriptors", direction, out why))
        {
            Interlocked.Decrement(ref _connections);
            Networks.Leave(from);
            return false;
        }

        Interlocked.Increment(ref _transient);
        var admitted = new ConnectionScope(this, _connectionLimits, direction, descriptors, from);
        if (!admitted.TryReserve(ConnectionPrice, ReservationPriority.Medium, out why))
        {
            why = why with { Direction = direction };
            admitted.Dispose();
            return false;
        }

        scope = admitted;
        Rising();
        return true;
    }

    /// <summary>A connection knows its peer.</summary>
    public void Assigned() => Interlocked.Decrement(ref _transient);

    /// <summary>A connection has ended.</summary>
    public void Return(ConnectionScope scope)
    {
        if (scope.Peer is null) Interlocked.Decrement(ref _transient);
        Networks.Leave(scope.From);
        Interlocked.Add(ref _descriptors, -scope.Descriptors);
        Interlocked.Decrement(ref _connections);
        Falling();
    }

    private bool TryCount(ref int counter, int asked, int limit, string unit, string option, ConnectionDirection? direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        int used;
        do
        {
            used = Volatile.Read(ref counter);
            if (asked > limit - used && asked > 0)
            {
                why = Refusals.Add(new ResourceDenial("node", asked, used, limit, option, unit) { Direction = direction });
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref counter, used + asked, used) != used);

        why = null;
        return true;
    }
}
