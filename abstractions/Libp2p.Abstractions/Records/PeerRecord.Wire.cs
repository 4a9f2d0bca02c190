using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Wire;

namespace Libp2p;

/// <content>The protobuf form.</content>
public sealed partial record PeerRecord
{
    /// <summary>The protobuf form, without a signature.</summary>
    /// <exception cref="ArgumentException">More addresses than <see cref="MaxAddresses"/>.</exception>
    public byte[] ToProtobuf()
    {
        if (Addresses.Length > MaxAddresses) throw new ArgumentException($"The record has {Addresses.Length} addresses, more than {MaxAddresses}.");
        var message = new Wire.Schemas.PeerRecord { PeerId = PeerId.Memory, Seq = Sequence };
        foreach (var address in Addresses) message.Addresses.Add(new() { Multiaddr = address.Bytes });
        return message.ToArray();
    }

    /// <summary>
    /// Reads the protobuf form, without a signature. Addresses of protocols that are not known here are left out, since a record may be newer than this node; a
    /// trailing <c>/p2p</c> of the peer itself is cut off, and addresses of other peers are left out.
    /// </summary>
    /// <exception cref="RecordException">Malformed, without a peer id, or with more than <see cref="MaxAddresses"/> addresses.</exception>
    public static PeerRecord FromProtobuf(ReadOnlySpan<byte> bytes)
    {
        if (!Wire.Schemas.PeerRecord.View.TryParse(bytes, out var view, out var error))
        {
            var cause = new WireFormatException(error, "peer record");
            throw new RecordException($"Not a peer record: {cause.Message}.", cause);
        }

        if (!PeerId.TryFromBytes(view.PeerId, out var peer)) throw new RecordException("The peer record has no peer id.");
        if (view.Addresses.Count > MaxAddresses) throw new RecordException($"The peer record has {view.Addresses.Count} addresses, more than {MaxAddresses}.");
        var addresses = ImmutableArray.CreateBuilder<Multiaddr>(view.Addresses.Count);
        foreach (var info in view.Addresses)
        {
            if (Multiaddr.TryDecode(info.Multiaddr, out var address, out _) && OfPeer(address, peer) is { } own) addresses.Add(own);
        }

        return new(peer, view.Seq, addresses.DrainToImmutable());
    }

    private static Multiaddr? OfPeer(Multiaddr address, PeerId peer)
    {
        var named = address.PeerIdBytes.Span;
        return named.IsEmpty ? address : named.SequenceEqual(peer.Bytes) ? address.WithoutPeerId() : null;
    }
}
