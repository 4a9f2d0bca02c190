using Libp2p.Multiformats;

namespace Libp2p.Fuzz.Targets;

/// <summary>Multihashes: bounded digests, one form, and a digest that verifies is the hash.</summary>
internal sealed class MultihashTarget() : FuzzTarget("multihash")
{
    public override int MaxLength => 200;

    public override IEnumerable<byte[]> Seeds =>
        new[] { Multicodec.Sha2_256, Multicodec.Sha2_512, Multicodec.Identity, Multicodec.Blake3, Multicodec.Sha3_256 }.Select(code => Multihash.Sum(code, "abc"u8).Bytes.ToArray());

    public override void Run(ReadOnlySpan<byte> input)
    {
        var whole = Multihash.TryParse(input, out var hash, out var error);
        if (Multihash.TryRead(input, out var code, out var digest, out var length))
        {
            Property.Holds(length <= input.Length && digest.Length <= Multihash.MaxDigestLength, "longer than it may be");
            var written = Multihash.Create(code, digest);
            Property.Same(written.Span, input[..length], "written as it was not read");
            Property.Holds(whole == (length == input.Length), "whole, and not whole");
            if (Multihash.IsSupported(code) && written.Verify("abc"u8))
            {
                Property.Holds(Multihash.Sum(code, "abc"u8, digest.Length) == written, "verified, and not the hash");
            }
        }

        if (whole)
        {
            Property.Holds(hash == Multihash.Create(hash.Code, hash.Digest) && hash.Code == code, "two readings");
            Property.Holds(hash.ToBase58().Length > 0, "no text");
        }
        else
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
        }
    }
}
