using System.Buffers;

namespace Libp2p.Multiformats;

/// <summary>
/// Encodings that read all bytes as one big-endian number (base10, base36, base58). Leading zero bytes are leading zero digits.
/// The cost is quadratic, so the length is bounded; several digits are handled at once.
/// </summary>
internal sealed class RadixCodec : BaseCodec
{
    private const int StackLimbs = 64;

    private readonly string _alphabet;
    private readonly byte[] _values;
    private readonly uint _radix;
    private readonly int _digitsInLimb;
    private readonly uint _limb;
    private readonly double _digitsInByte;

    public RadixCodec(string name, string alphabet, bool ignoreCase = false)
        : base(name)
    {
        _alphabet = alphabet;
        _values = Invert(alphabet, ignoreCase);
        _radix = (uint)alphabet.Length;
        _digitsInByte = 8 / Math.Log2(_radix);
        (_limb, _digitsInLimb) = (1, 0);
        while ((ulong)_limb * _radix <= uint.MaxValue)
        {
            _limb *= _radix;
            _digitsInLimb++;
        }
    }

    public override int MaxLength => Multibase.MaxRadixLength;

    public override bool DecodesEmpty => false;

    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;
        output.Reserve(zeros).Fill(_alphabet[0]);
        bytes = bytes[zeros..];
        if (bytes.IsEmpty)
        {
            return;
        }

        // Limbs of base radix^digitsInLimb, least significant first; four bytes are shifted in at a time.
        var capacity = (int)(bytes.Length * _digitsInByte / _digitsInLimb) + 2;
        var rented = capacity > StackLimbs ? ArrayPool<uint>.Shared.Rent(capacity) : null;
        var limbs = rented ?? stackalloc uint[StackLimbs];
        var used = 0;
        while (bytes.Length > 0)
        {
            var take = bytes.Length % 4 == 0 ? 4 : bytes.Length % 4;
            ulong carry = 0;
            foreach (var b in bytes[..take])
            {
                carry = (carry << 8) | b;
            }

            bytes = bytes[take..];
            for (var i = 0; i < used; i++)
            {
                carry += (ulong)limbs[i] << (8 * take);
                (carry, var remainder) = Math.DivRem(carry, _limb);
                limbs[i] = (uint)remainder;
            }

            for (; carry > 0; carry /= _limb)
            {
                limbs[used++] = (uint)(carry % _limb);
            }
        }

        for (var i = used - 1; i >= 0; i--)
        {
            var digits = i == used - 1 ? DigitsOf(limbs[i]) : _digitsInLimb;
            var span = output.Reserve(digits);
            for (var limb = limbs[i]; digits > 0; limb /= _radix)
            {
                span[--digits] = _alphabet[(int)(limb % _radix)];
            }
        }

        if (rented is not null)
        {
            ArrayPool<uint>.Shared.Return(rented);
        }
    }

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        var zeros = 0;
        while (zeros < text.Length && text[zeros] < 128 && _values[text[zeros]] == 0)
        {
            zeros++;
        }

        output.Reserve(zeros).Clear();
        text = text[zeros..];
        var capacity = (int)(text.Length / _digitsInByte / 4) + 2;
        var rented = capacity > StackLimbs ? ArrayPool<uint>.Shared.Rent(capacity) : null;
        var decoded = TryDecode(text, rented ?? stackalloc uint[StackLimbs], ref output);
        if (rented is not null)
        {
            ArrayPool<uint>.Shared.Return(rented);
        }

        return decoded;
    }

    private bool TryDecode(scoped ReadOnlySpan<char> text, scoped Span<uint> limbs, ref ValueBuffer<byte> output)
    {
        var used = 0;
        while (text.Length > 0)
        {
            var take = text.Length % _digitsInLimb == 0 ? _digitsInLimb : text.Length % _digitsInLimb;
            ulong carry = 0;
            uint scale = 1;
            foreach (var c in text[..take])
            {
                var value = c < 128 ? _values[c] : 0xff;
                if (value == 0xff)
                {
                    return false;
                }

                carry = (carry * _radix) + (uint)value;
                scale *= _radix;
            }

            text = text[take..];
            for (var i = 0; i < used; i++)
            {
                carry += (ulong)limbs[i] * scale;
                limbs[i] = (uint)carry;
                carry >>= 32;
            }

            if (carry > 0)
            {
                limbs[used++] = (uint)carry;
            }
        }

        for (var i = used - 1; i >= 0; i--)
        {
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                var b = (byte)(limbs[i] >> shift);
                if (i < used - 1 || limbs[i] >> shift != 0)
                {
                    output.Append(b);
                }
            }
        }

        return true;
    }

    private int DigitsOf(uint limb)
    {
        var digits = 0;
        for (; limb > 0; limb /= _radix)
        {
            digits++;
        }

        return digits;
    }
}
