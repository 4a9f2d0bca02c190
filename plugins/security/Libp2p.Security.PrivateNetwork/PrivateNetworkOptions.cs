namespace Libp2p.Security.PrivateNetwork;

/// <summary>Options of private networks; section <c>Libp2p:Plugins:private-network</c>. Without a key the plugin does nothing.</summary>
public sealed class PrivateNetworkOptions
{
    /// <summary>The file with the network's key (<c>/key/swarm/psk/1.0.0/</c>; kubo's <c>swarm.key</c>). Default: none. A file that cannot be read or used lets no connection come about.</summary>
    public string? KeyFile { get; set; }

    /// <summary>What such a file holds, where there is none: it wins over <see cref="KeyFile"/>. Default: none.</summary>
    public string? Key { get; set; }
}
