using System.Buffers;

namespace Libp2p.Multiformats;

/// <summary>A growing buffer that starts on the stack. One owner, not to be copied; dispose returns what was rented.</summary>
internal ref struct ValueBuffer<T>(Span<T> initial)
    where T : unmanaged
{
    private Span<T> _span = initial;
    private T[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<T> Written => _span[..Length];

    /// <summary>What was written, to be edited in place before the next append.</summary>
    public readonly Span<T> WrittenMutable => _span[..Length];

    public void Append(T item) => Reserve(1)[0] = item;

    public void Append(scoped ReadOnlySpan<T> items) => items.CopyTo(Reserve(items.Length));

    /// <summary>Extends the buffer by <paramref name="count"/> items, to be filled by the caller.</summary>
    public Span<T> Reserve(int count)
    {
        if (_span.Length - Length < count)
        {
            Grow(count);
        }

        var reserved = _span.Slice(Length, count);
        Length += count;
        return reserved;
    }

    /// <summary>Takes back the last <paramref name="count"/> items.</summary>
    public void Shrink(int count) => Length -= count;

    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<T>.Shared.Return(_rented);
        }
    }

    private void Grow(int count)
    {
        var grown = ArrayPool<T>.Shared.Rent(Math.Max(_span.Length * 2, Length + count));
        Written.CopyTo(grown);
        Dispose();
        _span = _rented = grown;
    }
}
