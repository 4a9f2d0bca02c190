namespace Libp2p.Crypto;

/// <summary>For implementations that want one contiguous buffer.</summary>
internal static class Scattered
{
    public static void Gather(ReadOnlySpan<Memory<byte>> pieces, Span<byte> into)
    {
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(into);
            into = into[piece.Length..];
        }
    }

    public static void Gather(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> into)
    {
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(into);
            into = into[piece.Length..];
        }
    }

    public static void Scatter(ReadOnlySpan<byte> from, ReadOnlySpan<Memory<byte>> pieces)
    {
        foreach (var piece in pieces)
        {
            from[..piece.Length].CopyTo(piece.Span);
            from = from[piece.Length..];
        }
    }
}
