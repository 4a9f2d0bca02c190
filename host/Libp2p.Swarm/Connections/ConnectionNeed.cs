namespace Libp2p.Swarm.Connections;

/// <summary>What a connection must be to serve somebody.</summary>
internal enum ConnectionNeed
{
    Any,

    /// <summary>Without limits.</summary>
    Unlimited,

    /// <summary>Without limits, and through no relay.</summary>
    Direct,
}
