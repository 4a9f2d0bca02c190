using Libp2p.Wire;

namespace Libp2p;

/// <content>Verification, in the order of the specification's section "Record Verification".</content>
public sealed partial class IpnsRecord
{
    private static string? Read(PeerId name, ReadOnlySpan<byte> bytes, out PublicKey? signer, out IpnsData data)
    {
        signer = null;
        data = default;
        if (bytes.Length > MaxLength) return $"An IPNS record has at most {MaxLength} bytes, not {bytes.Length}.";
        if (!Wire.Schemas.IpnsEntry.View.TryParse(bytes, out var entry, out var wireError)) return $"Not an IPNS record: {new WireFormatException(wireError, "IPNS record").Message}.";
        if (entry.SignatureV2.IsEmpty || entry.Data.IsEmpty) return "The IPNS record has no signature of the second version, which alone counts.";
        if (SignerOf(name, entry, out signer) is { } noSigner) return noSigner;
        if (IpnsData.Read(entry.Data, out data) is { } malformed) return malformed;
        if (!signer!.Verify(ToSign(entry.Data), entry.SignatureV2)) return "The signature of the IPNS record is not its name's.";
        return (entry.HasSignatureV1 || entry.HasValue) && !Repeats(entry, data) ? "The IPNS record says one thing in its older form, and signs another." : null;
    }

    private static string? SignerOf(PeerId name, in Wire.Schemas.IpnsEntry.View entry, out PublicKey? signer)
    {
        if (!entry.HasPubKey) return name.TryGetPublicKey(out signer) ? null : "The IPNS record lacks its key, which its name does not hold.";
        return PublicKey.TryFromProtobuf(entry.PubKey, out signer)
            ? name.Matches(signer) ? null : $"The IPNS record is signed by {signer.PeerId}, not by {name}."
            : "The key in the IPNS record is none.";
    }

    private static bool Repeats(in Wire.Schemas.IpnsEntry.View entry, in IpnsData data) =>
        entry.Value.SequenceEqual(data.Value) && entry.Validity.SequenceEqual(data.ValidityBytes) && (ulong)entry.ValidityType == IpnsData.EndOfLife
        && entry.Sequence == data.Sequence && entry.Ttl == data.Nanoseconds;

    private static byte[] ToSign(ReadOnlySpan<byte> data) => [.. "ipns-signature:"u8, .. data];
}
