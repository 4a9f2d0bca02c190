using System.Buffers;
using Libp2p.Pipes;

namespace Libp2p.Security.Tls;

/// <summary>
/// What was decrypted and not consumed, in pooled blocks; none while it is empty and the wire is waited for. Positions are counted in bytes from an origin that moves only while the queue is empty.
/// One caller at a time.
/// </summary>
/// <param name="scope">Where the blocks are accounted; null: nowhere.</param>
internal sealed class DecryptedQueue(IResourceScope? scope)
{
    private Block? _head;
    private Block? _tail;
    private long _start;
    private bool _wasFilled;

    /// <summary>Bytes not consumed.</summary>
    public long Length => End - _start;

    public bool IsEmpty => End == _start;

    /// <summary>The position behind the last byte.</summary>
    public long End => _tail is { } tail ? tail.RunningIndex + tail.End : 0;

    public ReadOnlySequence<byte> Sequence => IsEmpty
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(_head!, (int)(_start - _head!.RunningIndex), _tail!, _tail!.End);

    /// <summary>The position that a sequence's position means; otherwise what is given, since an empty sequence is of no block.</summary>
    public static long Position(SequencePosition position, long otherwise) =>
        position.GetObject() is Block block ? block.RunningIndex + position.GetInteger() : otherwise;

    /// <summary>Memory for what is decrypted next: the first block takes a record, those of a stream that fills them more.</summary>
    /// <exception cref="ResourceLimitException">The scope refuses the memory.</exception>
    public Memory<byte> Room()
    {
        if (_tail is { Free: > 0 } tail) return tail.FreeMemory;
        var size = BlockPool.SizeFor(_wasFilled ? BlockPool.Large : BlockPool.Medium);
        if (scope is not null && !scope.TryReserve(size, ReservationPriority.High, out var why)) throw new ResourceLimitException(why);
        var block = BlockPool.Shared.Rent(size);
        block.Follow(_tail, End);
        _tail = block;
        _head ??= block;
        return block.FreeMemory;
    }

    /// <summary>Counts bytes that were decrypted into <see cref="Room"/>.</summary>
    public void Fill(int bytes)
    {
        _tail!.Fill(bytes);
        _wasFilled = bytes >= BlockPool.Medium;
    }

    /// <summary>Forgets everything before a position.</summary>
    public void Consume(long to)
    {
        if (to < _start || to > End) throw new ArgumentOutOfRangeException(nameof(to), "The position is outside what was read.");
        _start = to;
        while (_head is { } head && head != _tail && head.RunningIndex + head.End <= to)
        {
            _head = head.NextBlock;
            Return(head);
        }

        if (IsEmpty) Rest();
    }

    /// <summary>Holds no memory while nothing comes.</summary>
    public void Rest()
    {
        if (!IsEmpty || _tail is not { } tail) return;
        _head = _tail = null;
        _start = 0;
        Return(tail);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Consume(End);
        Rest();
    }

    private void Return(Block block)
    {
        scope?.Release(block.Capacity);
        BlockPool.Shared.Return(block);
    }
}
