namespace Libp2p.Endurance.Kills;

/// <summary>What is killed, and while it does what.</summary>
internal enum KillMoment
{
    /// <summary>A node that starts: it makes its key where there is none, locks its folder, binds its sockets.</summary>
    Starting,

    /// <summary>A node that peers dial, ping, fill and ask.</summary>
    Serving,

    /// <summary><c>libp2p keys create --force</c>, which replaces the key of the node.</summary>
    ReplacingKey,
}
