using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>Role: finds out where a peer is (a DHT, a delegate, a rendezvous point). The dialer asks all there are, once no address known of a peer works.</summary>
public interface IPeerRouting
{
    /// <summary>Addresses of a peer, each as soon as it is found: a dial under way tries it at once.</summary>
    /// <param name="peer">Who is looked for.</param>
    /// <param name="cancellationToken">Nobody needs them any more.</param>
    /// <returns>Addresses, with or without a trailing <c>/p2p</c>; those that name another peer are ignored. Ends when nothing more will be found.</returns>
    IAsyncEnumerable<Multiaddr> FindAddressesAsync(PeerId peer, CancellationToken cancellationToken = default);
}
