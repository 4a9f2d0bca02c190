using System.Buffers.Binary;

namespace Libp2p.Fuzz.Mutation;

/// <summary>
/// Changes inputs as AFL's havoc stage does: a stack of flips, small sums, interesting values, blocks taken out, doubled or overwritten, words of the
/// dictionary, and the tail of another input. The seed decides everything. One caller at a time.
/// </summary>
internal sealed class Mutator(FuzzTarget target, ulong seed)
{
    private static readonly int[] Interesting = [0, 1, -1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x40000, 0x40001, int.MaxValue, int.MinValue, 0x01ffffff];

    private readonly IReadOnlyList<byte[]> _words = target.Dictionary;
    private readonly byte[] _buffer = new byte[target.MaxLength];
    private FuzzRandom _random = new(seed);
    private int _length;

    /// <summary>An input that is not quite one of these. Overwritten by the next.</summary>
    public ReadOnlySpan<byte> Next(IReadOnlyList<byte[]> inputs) => Next(inputs[_random.Next(inputs.Count)], inputs[_random.Next(inputs.Count)]);

    /// <summary>An input that is not quite <paramref name="input"/>, and may have a part of <paramref name="other"/>. Overwritten by the next.</summary>
    public ReadOnlySpan<byte> Next(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _length = Math.Min(input.Length, _buffer.Length);
        input[.._length].CopyTo(_buffer);
        if (_random.Next(8) == 0)
        {
            Splice(other);
        }

        for (var changes = 1 << _random.Next(5); changes > 0; changes--)
        {
            Change(other);
        }

        return _buffer.AsSpan(0, _length);
    }

    private void Change(ReadOnlySpan<byte> other)
    {
        var at = _random.Next(_length);
        var bytes = _buffer.AsSpan(at, _length - at);
        switch (_random.Next(14))
        {
            case 0 or 1 when !bytes.IsEmpty:
                bytes[0] ^= (byte)(1 << _random.Next(8));
                break;
            case 2 when !bytes.IsEmpty:
                bytes[0] = (byte)_random.Next(256);
                break;
            case 3 when !bytes.IsEmpty:
                bytes[0] += (byte)(_random.Next(71) - 35);
                break;
            case 4 when !bytes.IsEmpty:
                bytes[0] = (byte)Interesting[_random.Next(Interesting.Length)];
                break;
            case 5 when bytes.Length >= 2:
                Put16(bytes);
                break;
            case 6 when bytes.Length >= 4:
                Put32(bytes);
                break;
            case 7:
                Remove(at, 1 + _random.NextSmall(_length - at));
                break;
            case 8 when !bytes.IsEmpty:
                var from = _random.Next(_length);
                Insert(at, _buffer.AsSpan(from, 1 + _random.NextSmall(_length - from - 1)).ToArray());
                break;
            case 9 when !bytes.IsEmpty:
                var source = _random.Next(_length);
                var length = 1 + _random.NextSmall(Math.Min(_length - source, bytes.Length) - 1);
                _buffer.AsSpan(source, length).CopyTo(bytes);
                break;
            case 10 when _words.Count > 0:
                Insert(_random.Next(_length + 1), _words[_random.Next(_words.Count)]);
                break;
            case 11 when _words.Count > 0:
                var word = _words[_random.Next(_words.Count)];
                word.AsSpan(0, Math.Min(word.Length, bytes.Length)).CopyTo(bytes);
                break;
            case 12:
                Fill(at);
                break;
            case 13 when !other.IsEmpty:
                var piece = other[_random.Next(other.Length)..];
                Insert(_random.Next(_length + 1), piece[..(1 + _random.NextSmall(piece.Length - 1))]);
                break;
            default:
                Insert(_length, [(byte)_random.Next(256)]);
                break;
        }
    }

    private void Put16(Span<byte> bytes)
    {
        var value = (ushort)Interesting[_random.Next(Interesting.Length)];
        if (_random.Next(2) == 0)
        {
            value = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes) + _random.Next(71) - 35);
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
    }

    private void Put32(Span<byte> bytes)
    {
        var value = (uint)Interesting[_random.Next(Interesting.Length)];
        if (_random.Next(2) == 0)
        {
            value = (uint)(BinaryPrimitives.ReadUInt32BigEndian(bytes) + _random.Next(71) - 35);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
    }

    private void Splice(ReadOnlySpan<byte> other)
    {
        if (other.IsEmpty)
        {
            return;
        }

        var keep = _random.Next(_length + 1);
        var tail = other[_random.Next(other.Length)..];
        tail = tail[..Math.Min(tail.Length, _buffer.Length - keep)];
        tail.CopyTo(_buffer.AsSpan(keep));
        _length = keep + tail.Length;
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _buffer.AsSpan((at + count).._length).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }

    private void Insert(int at, ReadOnlySpan<byte> piece)
    {
        piece = piece[..Math.Min(piece.Length, _buffer.Length - _length)];
        _buffer.AsSpan(at.._length).CopyTo(_buffer.AsSpan(at + piece.Length));
        piece.CopyTo(_buffer.AsSpan(at));
        _length += piece.Length;
    }

    private void Fill(int at)
    {
        var count = Math.Min(1 + _random.NextSmall(64), _buffer.Length - _length);
        _buffer.AsSpan(at.._length).CopyTo(_buffer.AsSpan(at + count));
        _buffer.AsSpan(at, count).Fill((byte)_random.Next(256));
        _length += count;
    }
}
