namespace Libp2p.Multiformats;

public sealed partial class Multiaddr
{
    /// <summary>The multihash bytes of the peer that the address ends in (<c>.../p2p/Qm...</c>); empty when it does not end in one.</summary>
    public ReadOnlyMemory<byte> PeerIdBytes
    {
        get
        {
            var last = Last();
            return last.Protocol == MultiaddrProtocol.P2p ? last.ValueMemory : default;
        }
    }

    /// <summary>The address without the peer that it ends in; itself when it does not end in one; null when nothing else is left.</summary>
    public Multiaddr? WithoutPeerId()
    {
        var last = Last();
        return last.Protocol == MultiaddrProtocol.P2p ? Before(last.Start) : this;
    }

    private MultiaddrComponent Last()
    {
        var last = default(MultiaddrComponent);
        foreach (var component in Components)
        {
            last = component;
        }

        return last;
    }
}
