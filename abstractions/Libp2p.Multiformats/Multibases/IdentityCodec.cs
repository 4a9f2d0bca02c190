namespace Libp2p.Multiformats;

/// <summary>identity: the bytes themselves, as UTF-8.</summary>
internal sealed class IdentityCodec() : BaseCodec("identity")
{
    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output) => Utf8Text.Decode(bytes, ref output);

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output) => Utf8Text.TryEncode(text, ref output);
}
