using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>Where a peer is, as it signed it itself (libp2p RFC 0003).</summary>
/// <param name="PeerId">Whose addresses.</param>
/// <param name="Sequence">Higher replaces lower.</param>
/// <param name="Addresses">The addresses, without <c>/p2p</c>.</param>
public sealed record PeerRecord(PeerId PeerId, ulong Sequence, ImmutableArray<Multiaddr> Addresses);
