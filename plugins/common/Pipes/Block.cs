using System.Buffers;

namespace Libp2p.Pipes;

/// <summary>
/// A pooled piece of memory that is filled from its front and can be a segment of a sequence. One filler; readers see what was there when they looked.
/// Owned by whoever rented it, until it is returned.
/// </summary>
internal sealed class Block(int capacity) : ReadOnlySequenceSegment<byte>
{
    private readonly byte[] _array = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Bytes it can hold.</summary>
    public int Capacity => _array.Length;

    /// <summary>Bytes filled.</summary>
    public int End { get; private set; }

    /// <summary>Bytes left to fill.</summary>
    public int Free => _array.Length - End;

    /// <summary>What is left to fill.</summary>
    public Memory<byte> FreeMemory => _array.AsMemory(End);

    /// <summary>The block behind this one.</summary>
    public Block? NextBlock => (Block?)Next;

    /// <summary>Whether the block lies in its pool; catches a double return, which would hand one array to two owners.</summary>
    public bool IsPooled { get; set; }

    /// <summary>Copies in as much as fits, and says how much.</summary>
    public int Append(ReadOnlySpan<byte> source)
    {
        var count = Math.Min(source.Length, Free);
        source[..count].CopyTo(_array.AsSpan(End));
        Fill(count);
        return count;
    }

    /// <summary>Counts bytes that were written into <see cref="FreeMemory"/>.</summary>
    public void Fill(int count)
    {
        End += count;

        // Only the length changes: a sequence that somebody holds ends at an index at or before it.
        Memory = new ReadOnlyMemory<byte>(_array, 0, End);
    }

    /// <summary>Chains this block behind another.</summary>
    /// <param name="previous">The block before; null for the first.</param>
    /// <param name="runningIndex">The absolute position of this block's first byte.</param>
    public void Follow(Block? previous, long runningIndex)
    {
        RunningIndex = runningIndex;
        if (previous is not null)
        {
            previous.Next = this;
        }
    }

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        End = 0;
        Memory = default;
        Next = null;
        RunningIndex = 0;
    }
}
