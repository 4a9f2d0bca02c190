using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <content>The protobuf form: <c>peer_id</c> = 1, <c>seq</c> = 2, <c>addresses</c> = 3 of { <c>multiaddr</c> = 1 }.</content>
public sealed partial record PeerRecord
{
    /// <summary>The protobuf form, without a signature.</summary>
    /// <exception cref="ArgumentException">More addresses than <see cref="MaxAddresses"/>.</exception>
    public byte[] ToProtobuf()
    {
        if (Addresses.Length > MaxAddresses) throw new ArgumentException($"The record has {Addresses.Length} addresses, more than {MaxAddresses}.");
        var writer = new ProtobufWriter();
        writer.Bytes(1, PeerId.Bytes);
        if (Sequence != 0) writer.Varint(2, Sequence);
        foreach (var address in Addresses)
        {
            var info = new ProtobufWriter();
            info.Bytes(1, address.Span);
            writer.Bytes(3, info.Written);
        }

        return writer.Written.ToArray();
    }

    /// <summary>
    /// Reads the protobuf form, without a signature. Addresses of protocols that are not known here are left out, since a record may be newer than this node; a
    /// trailing <c>/p2p</c> of the peer itself is cut off, and addresses of other peers are left out.
    /// </summary>
    /// <exception cref="RecordException">Malformed, without a peer id, or with more than <see cref="MaxAddresses"/> addresses.</exception>
    public static PeerRecord FromProtobuf(ReadOnlySpan<byte> bytes)
    {
        PeerId? peer = null;
        ulong sequence = 0;
        var count = 0;
        var addresses = ImmutableArray.CreateBuilder<Multiaddr>();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field, reader.WireType)
            {
                case (1, 2):
                    if (!PeerId.TryFromBytes(reader.Value, out peer)) throw new RecordException("The peer record has no peer id.");
                    break;
                case (2, 0):
                    sequence = reader.Number;
                    break;
                case (3, 2):
                    if (++count > MaxAddresses) throw new RecordException($"The peer record has more than {MaxAddresses} addresses.");
                    var info = new ProtobufReader(reader.Value);
                    ReadOnlySpan<byte> address = default;
                    while (info.Next())
                    {
                        if ((info.Field, info.WireType) == (1, 2)) address = info.Value;
                    }

                    if (info.Failed) throw new RecordException("The peer record is malformed.");
                    if (Multiaddr.TryDecode(address, out var decoded, out _)) addresses.Add(decoded);
                    break;
            }
        }

        if (reader.Failed) throw new RecordException("The peer record is malformed.");
        if (peer is null) throw new RecordException("The peer record has no peer id.");
        return new(peer, sequence, [.. addresses.Select(a => OfPeer(a, peer)).OfType<Multiaddr>()]);
    }

    private static Multiaddr? OfPeer(Multiaddr address, PeerId peer)
    {
        var named = address.PeerIdBytes.Span;
        return named.IsEmpty ? address : named.SequenceEqual(peer.Bytes) ? address.WithoutPeerId() : null;
    }
}
