using Libp2p.Multiformats;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Upgrading;

/// <summary>Keeps a node of a private network off transports that bring their own security: its protector would be passed by.</summary>
internal static class PrivateOnly
{
    /// <exception cref="TransportException">This node is of a private network.</exception>
    public static void Check(SwarmContext context, Registration transport, Multiaddr address)
    {
        if (!context.Roles.Current.Protectors.IsEmpty)
        {
            throw new TransportException($"This node is of a private network, which {transport.Name} cannot honour: it brings its own security. Use tcp, or take the key away.", address);
        }
    }
}
