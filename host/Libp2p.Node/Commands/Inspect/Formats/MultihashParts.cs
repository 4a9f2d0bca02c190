using System.Globalization;
using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect.Formats;

/// <summary>Multihashes, and what is a multihash: peer ids, and the end of a CID.</summary>
internal static class MultihashParts
{
    public static Inspection Inspect(Multihash hash) => new("multihash", hash.ToString(), hash.Bytes, Of(hash.Bytes), [Codec(hash.Code)]);

    public static IReadOnlyList<Part> Of(ReadOnlyMemory<byte> multihash, int offset = 0)
    {
        var reader = new PartReader(multihash, offset);
        var code = reader.TakeVarint("hash", out var number, static code => MulticodecTable.Describe((Multicodec)code));
        var length = reader.TakeVarint("length", out _, static bytes => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"));
        var start = reader.Offset;
        var digest = reader.TakeRest("digest");
        if (number == (ulong)Multicodec.Identity && PublicKey.TryFromProtobuf(digest.Bytes.Span, out var key))
        {
            digest = digest with { Name = "key", Value = $"{key.Type}, inlined", Parts = KeyParts.Of(digest.Bytes, start) };
        }

        return [code, length, digest];
    }

    /// <summary>What the registry says of a code.</summary>
    public static string Codec(Multicodec code) => MulticodecTable.TryGetTag(code, out var tag) && MulticodecTable.TryGetStatus(code, out var status)
        ? $"{MulticodecTable.Describe(code)} is 0x{(ulong)code:x} in the multicodec registry: {tag}, {status.ToString().ToLowerInvariant()}."
        : $"0x{(ulong)code:x} is not in the multicodec registry.";
}
