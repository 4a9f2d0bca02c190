using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect.Formats;

internal static class CidParts
{
    public static Inspection Inspect(Cid cid)
    {
        List<string> notes = [MultihashParts.Codec(cid.Codec)];
        if (cid.Version == 1) notes.Add($"In base36 it is {cid.ToString(MultibaseEncoding.Base36)}, in base58 {cid.ToString(MultibaseEncoding.Base58Btc)}.");
        else notes.Add($"As version 1 it is {cid.ToV1()}.");
        if (PeerIdParts.TryFrom(cid, out var peer)) notes.Add($"It names the peer {peer}.");
        return new("cid", cid.ToString(), cid.Bytes, Of(cid.Bytes, cid.Version), notes);
    }

    private static IReadOnlyList<Part> Of(ReadOnlyMemory<byte> bytes, int version)
    {
        if (version == 0) return MultihashParts.Of(bytes);
        var reader = new PartReader(bytes);
        var versionPart = reader.TakeVarint("version", out _);
        var codec = reader.TakeVarint("codec", out _, static code => MulticodecTable.Describe((Multicodec)code));
        var start = reader.Offset;
        var hash = reader.TakeRest("multihash");
        return [versionPart, codec, hash with { Parts = MultihashParts.Of(hash.Bytes, start) }];
    }
}
