using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Swarm.Resources;

/// <summary>Admits connections, streams and memory, or says which limit forbids it. Thread-safe.</summary>
internal sealed class ResourceGovernor(ResourceOptions options) : IDisposable
{
    /// <summary>What a connection costs before anybody reserves anything for it: its objects and queues.</summary>
    public const int ConnectionPrice = 16 * 1024;

    private readonly ResourceScope _node = new("node", null, options.Memory, "Resources:Memory");
    private readonly long _connectionMemory = options.EffectiveMemoryPerConnection;
    private int _connections;
    private int _streams;

    /// <summary>Connections admitted now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Streams admitted now.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Bytes reserved now.</summary>
    public long Reserved => _node.Reserved;

    public ResourceOptions Options => options;

    /// <summary>Admits a connection, before its handshakes. Disposing the scope returns its place and its bytes.</summary>
    public bool TryAdmitConnection([NotNullWhen(true)] out ConnectionScope? scope, [NotNullWhen(false)] out ResourceDenial? why)
    {
        scope = null;
        if (!TryCount(ref _connections, options.MaxConnections, "connections", "Resources:MaxConnections", out why)) return false;

        var admitted = new ConnectionScope(this);
        if (!admitted.TryReserve(ConnectionPrice, ReservationPriority.Medium, out why))
        {
            admitted.Dispose();
            return false;
        }

        scope = admitted;
        return true;
    }

    public void Dispose() => _node.Dispose();

    private void ReturnConnection() => Interlocked.Decrement(ref _connections);

    private void ReturnStreams(int count) => Interlocked.Add(ref _streams, -count);

    private static bool TryCount(ref int counter, int limit, string unit, string option, [NotNullWhen(false)] out ResourceDenial? why)
    {
        int used;
        do
        {
            used = Volatile.Read(ref counter);
            if (used >= limit)
            {
                why = SwarmMetrics.Deny(new ResourceDenial("node", 1, used, limit, option, unit));
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref counter, used + 1, used) != used);

        why = null;
        return true;
    }

    /// <summary>The scope of one connection and its streams.</summary>
    internal sealed class ConnectionScope(ResourceGovernor governor)
        : ResourceScope("connection", governor._node, governor._connectionMemory, "Resources:MemoryPerConnection")
    {
        /// <summary>Admits a stream to the node; the connection counts its own.</summary>
        public bool TryAdmitStream(int open, [NotNullWhen(false)] out ResourceDenial? why)
        {
            var most = governor.Options.MaxStreamsPerConnection;
            if (open >= most)
            {
                why = SwarmMetrics.Deny(new ResourceDenial("connection", 1, open, most, "Resources:MaxStreamsPerConnection", "streams"));
                return false;
            }

            return TryCount(ref governor._streams, governor.Options.MaxStreams, "streams", "Resources:MaxStreams", out why);
        }

        public void ReturnStreams(int count) => governor.ReturnStreams(count);

        /// <summary>The scope of one stream, for those protocols that account memory.</summary>
        public ResourceScope ForStream() => new("stream", this, governor._connectionMemory, "Resources:MemoryPerConnection");

        protected override void OnDisposed() => governor.ReturnConnection();
    }
}
