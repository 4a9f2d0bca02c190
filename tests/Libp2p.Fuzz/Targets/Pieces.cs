using System.Buffers;

namespace Libp2p.Fuzz.Targets;

/// <summary>Bytes that arrive in pieces.</summary>
internal static class Pieces
{
    /// <summary>The input cut at one place.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int at)
    {
        var first = new Piece(bytes[..at], null);
        var second = new Piece(bytes[at..], first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    /// <summary>The input in pieces of one size, an empty one between them.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, int size)
    {
        var first = new Piece(default, null);
        var last = first;
        for (var at = 0; at < bytes.Length; at += size)
        {
            last = new Piece(bytes.Slice(at, Math.Min(size, bytes.Length - at)), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
