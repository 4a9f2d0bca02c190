using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect.Formats;

internal static class PeerIdParts
{
    public static Inspection Inspect(PeerId peer)
    {
        var cid = peer.ToCid();
        List<string> notes = [$"As a CID it is {cid}, in base36 {cid.ToString(MultibaseEncoding.Base36)}."];
        notes.Add(peer.TryGetPublicKey(out var key) ? $"Its key is inlined: {key.Type}." : "Its key is hashed: RSA or ECDSA, which only the peer itself, or a record under /pk/, can show.");
        return new("peer-id", peer.ToString(), peer.Memory, MultihashParts.Of(peer.Memory), notes);
    }

    public static bool TryFrom(Cid cid, [NotNullWhen(true)] out PeerId? peer)
    {
        peer = null;
        return cid.Codec == Multicodec.Libp2pKey && PeerId.TryFromBytes(cid.Hash.Span, out peer);
    }
}
