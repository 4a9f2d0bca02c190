using System.Buffers;

namespace Libp2p.Security.Noise;

/// <summary>
/// What was decrypted and not consumed: first what had to be copied, then what still lies in the wire's memory. Positions are counted in bytes from an origin
/// that moves only while the queue is empty. One caller at a time.
/// </summary>
/// <param name="scope">Where the blocks of what is copied are accounted; null: nowhere.</param>
internal sealed class PlaintextQueue(IResourceScope? scope)
{
    private const int BlockSize = 4096;

    /// <summary>As many as a receive buffer of 1 MiB has records of the usual sizes; more are left to the collector.</summary>
    private const int MostSpare = 128;

    private PlaintextSegment? _head;
    private PlaintextSegment? _tail;
    private PlaintextSegment? _spare;
    private int _spares;
    private long _start;

    /// <summary>Bytes not consumed.</summary>
    public long Length => End - _start;

    public bool IsEmpty => End == _start;

    /// <summary>The position behind the last byte.</summary>
    public long End => _tail?.End ?? 0;

    public ReadOnlySequence<byte> Sequence => IsEmpty
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(_head!, (int)(_start - _head!.RunningIndex), _tail!, _tail!.Memory.Length);

    /// <summary>The position that a sequence's position means; otherwise what is given, since an empty sequence is of no segment.</summary>
    public static long Position(SequencePosition position, long otherwise) =>
        position.GetObject() is PlaintextSegment segment ? segment.RunningIndex + position.GetInteger() : otherwise;

    public void Append(ReadOnlyMemory<byte> borrowed)
    {
        var segment = Take();
        segment.Borrow(borrowed, End);
        Link(segment);
    }

    /// <summary>Forgets everything before a position.</summary>
    public void Consume(long to)
    {
        if (to < _start || to > End)
        {
            throw new ArgumentOutOfRangeException(nameof(to), "The position is outside what was read.");
        }

        _start = to;
        while (_head is { } head && head.End <= to)
        {
            // Empty: the origin starts anew.
            if (head.Next is null)
            {
                _start = 0;
                _tail = null;
            }

            _head = head.Next;
            Give(head);
        }
    }

    /// <summary>Copies what still lies in the wire's memory, which the wire is about to take back.</summary>
    /// <exception cref="ResourceLimitException">The scope refuses the memory; the queue is then of no more use.</exception>
    public void Detach()
    {
        PlaintextSegment? last = null;
        var borrowed = _head;
        while (borrowed is { Block: not null })
        {
            last = borrowed;
            borrowed = borrowed.Next;
        }

        if (borrowed is null)
        {
            return;
        }

        // Cut there, then go on behind what is owned, byte for byte at the same positions.
        _tail = last;
        if (last is null)
        {
            _head = null;
        }
        else
        {
            last.Next = null;
        }

        for (PlaintextSegment? next; borrowed is not null; borrowed = next)
        {
            next = borrowed.Next;
            var from = Math.Max(_start, borrowed.RunningIndex);
            Copy(borrowed.Memory.Span[(int)(from - borrowed.RunningIndex)..], from);
            Give(borrowed);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        while (_head is { } head)
        {
            _head = head.Next;
            Reset(head);
        }

        _tail = _spare = null;
        _spares = 0;
        _start = 0;
    }

    private void Copy(ReadOnlySpan<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            if (_tail is null || _tail.Room == 0)
            {
                var block = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, BlockSize));
                if (scope is not null && !scope.TryReserve(block.Length, ReservationPriority.High, out var why))
                {
                    ArrayPool<byte>.Shared.Return(block);
                    throw new ResourceLimitException(why);
                }

                var segment = Take();
                segment.Own(block, position);
                Link(segment);
            }

            var take = Math.Min(bytes.Length, _tail!.Room);
            _tail.Extend(bytes[..take]);
            bytes = bytes[take..];
            position += take;
        }
    }

    private void Link(PlaintextSegment segment)
    {
        if (_tail is null)
        {
            _head = segment;
        }
        else
        {
            _tail.Next = segment;
        }

        _tail = segment;
    }

    private PlaintextSegment Take()
    {
        if (_spare is not { } segment)
        {
            return new PlaintextSegment();
        }

        _spare = segment.Next;
        segment.Next = null;
        _spares--;
        return segment;
    }

    private void Give(PlaintextSegment segment)
    {
        Reset(segment);
        if (_spares < MostSpare)
        {
            segment.Next = _spare;
            _spare = segment;
            _spares++;
        }
    }

    private void Reset(PlaintextSegment segment)
    {
        if (segment.Block is { } block)
        {
            scope?.Release(block.Length);
        }

        segment.Reset();
    }
}
