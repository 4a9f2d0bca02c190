using System.Buffers;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>
/// Unsigned varints (github.com/multiformats/unsigned-varint): seven bits a byte, least significant first, the high bit set on all but the last;
/// at most <see cref="MaxLength"/> bytes, that is 63 bits, and only the shortest form.
/// </summary>
public static class UnsignedVarint
{
    /// <summary>Bytes of the longest varint.</summary>
    public const int MaxLength = 9;

    /// <summary>The largest value: 2^63 - 1.</summary>
    public const ulong MaxValue = long.MaxValue;

    /// <summary>How many bytes <paramref name="value"/> takes, 1 to <see cref="MaxLength"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value exceeds <see cref="MaxValue"/>.</exception>
    public static int GetLength(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        return (BitOperations.Log2(value | 1) / 7) + 1;
    }

    /// <summary>Writes <paramref name="value"/> and returns the number of bytes written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value exceeds <see cref="MaxValue"/>.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="GetLength"/>.</exception>
    public static int Write(Span<byte> destination, ulong value)
    {
        var length = GetLength(value);
        if (destination.Length < length)
        {
            throw new ArgumentException($"The varint takes {length} bytes; the destination has {destination.Length}.", nameof(destination));
        }

        for (var i = 0; i < length - 1; i++, value >>= 7)
        {
            destination[i] = (byte)(value | 0x80);
        }

        destination[length - 1] = (byte)value;
        return length;
    }

    /// <summary>Reads the varint that <paramref name="source"/> starts with.</summary>
    /// <param name="source">Bytes; what follows the varint is ignored.</param>
    /// <param name="value">The value when done, else 0.</param>
    /// <param name="length">The bytes it takes when done, else 0.</param>
    public static VarintStatus TryRead(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        if (source.Length > 0 && source[0] < 0x80)
        {
            value = source[0];
            length = 1;
            return VarintStatus.Done;
        }

        var bits = 0UL;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            bits |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                var done = b != 0;
                (value, length) = done ? (bits, i + 1) : (0, 0);
                return done ? VarintStatus.Done : VarintStatus.Overlong;
            }

            if (i == MaxLength - 1)
            {
                (value, length) = (0, 0);
                return VarintStatus.TooLong;
            }
        }

        (value, length) = (0, 0);
        return VarintStatus.NeedMoreData;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out ulong, out int)"/>
    public static VarintStatus TryRead(in ReadOnlySequence<byte> source, out ulong value, out int length)
    {
        var status = TryRead(source.FirstSpan, out value, out length);
        if (status != VarintStatus.NeedMoreData || source.IsSingleSegment)
        {
            return status;
        }

        Span<byte> joined = stackalloc byte[MaxLength];
        var head = source.Slice(0, Math.Min(source.Length, MaxLength));
        head.CopyTo(joined);
        return TryRead(joined[..(int)head.Length], out value, out length);
    }

    /// <summary>Reads a varint and advances the reader past it; leaves the reader where it is unless done.</summary>
    public static VarintStatus TryRead(ref SequenceReader<byte> reader, out ulong value)
    {
        var status = TryRead(reader.UnreadSpan, out value, out var length);
        if (status == VarintStatus.NeedMoreData && reader.Remaining > reader.UnreadSpan.Length)
        {
            status = TryRead(reader.UnreadSequence, out value, out length);
        }

        reader.Advance(length);
        return status;
    }

    /// <summary>Reads the varint that <paramref name="source"/> starts with.</summary>
    /// <exception cref="MultiformatException">It is truncated, not minimal or too long.</exception>
    public static ulong Read(ReadOnlySpan<byte> source, out int length)
    {
        var status = TryRead(source, out var value, out length);
        return status == VarintStatus.Done ? value : throw new MultiformatException(Describe(status));
    }

    /// <summary>What a status other than <see cref="VarintStatus.Done"/> means, as the end of an error message.</summary>
    internal static string Describe(VarintStatus status) => status switch
    {
        VarintStatus.NeedMoreData => "varint is truncated",
        VarintStatus.Overlong => "varint is not minimal",
        VarintStatus.TooLong => $"varint is longer than {MaxLength} bytes",
        _ => "varint is valid",
    };
}
