using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Libp2p;

/// <summary>
/// An integer modulo p = 2^255 - 19 in five limbs of 51 bits, each of which may be a little larger. Not constant in time: for public values only.
/// </summary>
internal readonly struct FieldElement
{
    public const int Size = 32;

    private const ulong Mask = (1UL << 51) - 1;

    private readonly ulong _0, _1, _2, _3, _4;

    // What the limbs exceed 51 bits by moves up, once; what leaves the top comes back times 19. Limbs then have less than 52 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        _0 = (l0 & Mask) + ((l4 >> 51) * 19);
        _1 = (l1 & Mask) + (l0 >> 51);
        _2 = (l2 & Mask) + (l1 >> 51);
        _3 = (l3 & Mask) + (l2 >> 51);
        _4 = (l4 & Mask) + (l3 >> 51);
    }

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0, 0);

    /// <summary>2^((p-1)/4), a square root of -1.</summary>
    public static FieldElement RootOfMinusOne { get; } = MakeRootOfMinusOne();

    public bool IsZero => Encode(this, stackalloc byte[Size]).IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The lowest bit of the canonical value: the "sign" of a coordinate.</summary>
    public bool IsOdd => (Encode(this, stackalloc byte[Size])[0] & 1) != 0;

    public static FieldElement FromSmall(uint value) => new(value, 0, 0, 0, 0);

    /// <summary>Reads 32 bytes, little-endian; the highest bit is not looked at. Values of p and more are taken modulo p.</summary>
    public static FieldElement Decode(ReadOnlySpan<byte> bytes)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new(
            w0 & Mask,
            ((w0 >> 51) | (w1 << 13)) & Mask,
            ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask,
            (w3 >> 12) & Mask);
    }

    /// <summary>Writes the canonical value, below p, and returns what was written to.</summary>
    public static Span<byte> Encode(in FieldElement value, Span<byte> bytes)
    {
        var t = new FieldElement(value._0, value._1, value._2, value._3, value._4);

        // The quotient by p is 0 or 1: whether adding 19 carries out of 255 bits.
        var q = (t._0 + 19) >> 51;
        q = (t._1 + q) >> 51;
        q = (t._2 + q) >> 51;
        q = (t._3 + q) >> 51;
        q = (t._4 + q) >> 51;

        var l0 = t._0 + (19 * q);
        var l1 = t._1 + (l0 >> 51);
        var l2 = t._2 + (l1 >> 51);
        var l3 = t._3 + (l2 >> 51);
        var l4 = t._4 + (l3 >> 51);
        (l0, l1, l2, l3, l4) = (l0 & Mask, l1 & Mask, l2 & Mask, l3 & Mask, l4 & Mask);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, l0 | (l1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (l1 >> 13) | (l2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (l2 >> 26) | (l3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (l3 >> 39) | (l4 << 12));
        return bytes[..Size];
    }

    public static FieldElement operator +(in FieldElement a, in FieldElement b) =>
        new(a._0 + b._0, a._1 + b._1, a._2 + b._2, a._3 + b._3, a._4 + b._4);

    // 2p is added first, so that no limb falls below zero.
    public static FieldElement operator -(in FieldElement a, in FieldElement b) => new(
        a._0 + 0xFFFFFFFFFFFDA - b._0,
        a._1 + 0xFFFFFFFFFFFFE - b._1,
        a._2 + 0xFFFFFFFFFFFFE - b._2,
        a._3 + 0xFFFFFFFFFFFFE - b._3,
        a._4 + 0xFFFFFFFFFFFFE - b._4);

    public static FieldElement operator -(in FieldElement a) => Zero - a;

    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        // Limbs that go beyond 2^255 come back times 19.
        var (b1, b2, b3, b4) = (b._1 * 19, b._2 * 19, b._3 * 19, b._4 * 19);
        var r0 = default(Wide).Add(a._0, b._0).Add(a._1, b4).Add(a._2, b3).Add(a._3, b2).Add(a._4, b1);
        var r1 = default(Wide).Add(a._0, b._1).Add(a._1, b._0).Add(a._2, b4).Add(a._3, b3).Add(a._4, b2);
        var r2 = default(Wide).Add(a._0, b._2).Add(a._1, b._1).Add(a._2, b._0).Add(a._3, b4).Add(a._4, b3);
        var r3 = default(Wide).Add(a._0, b._3).Add(a._1, b._2).Add(a._2, b._1).Add(a._3, b._0).Add(a._4, b4);
        var r4 = default(Wide).Add(a._0, b._4).Add(a._1, b._3).Add(a._2, b._2).Add(a._3, b._1).Add(a._4, b._0);
        return Reduce(r0, r1, r2, r3, r4);
    }

    public static FieldElement Square(in FieldElement a)
    {
        var (d0, d1, d2) = (a._0 * 2, a._1 * 2, a._2 * 2);
        var (n3, n4) = (a._3 * 19, a._4 * 19);
        var r0 = default(Wide).Add(a._0, a._0).Add(d1, n4).Add(d2, n3);
        var r1 = default(Wide).Add(d0, a._1).Add(d2, n4).Add(a._3, n3);
        var r2 = default(Wide).Add(d0, a._2).Add(a._1, a._1).Add(a._3 * 2, n4);
        var r3 = default(Wide).Add(d0, a._3).Add(d1, a._2).Add(a._4, n4);
        var r4 = default(Wide).Add(d0, a._4).Add(d1, a._3).Add(a._2, a._2);
        return Reduce(r0, r1, r2, r3, r4);
    }

    /// <summary>a^(p-2): the inverse; zero for zero.</summary>
    public static FieldElement Invert(in FieldElement a) => Square(Square(Square(Power252Minus3(a)))) * (Square(a) * a);

    /// <summary>A square root of u/v, the even one; false where there is none.</summary>
    public static bool TrySquareRoot(in FieldElement u, in FieldElement v, out FieldElement root)
    {
        var v3 = Square(v) * v;
        root = u * v3 * Power252Minus3(u * (Square(v3) * v));
        var check = v * Square(root);
        if (!(check - u).IsZero)
        {
            if (!(check + u).IsZero) return false;
            root *= RootOfMinusOne;
        }

        if (root.IsOdd) root = -root;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(Wide r0, Wide r1, Wide r2, Wide r3, Wide r4) => new(
        (r0.Low & Mask) + (r4.Above51 * 19),
        (r1.Low & Mask) + r0.Above51,
        (r2.Low & Mask) + r1.Above51,
        (r3.Low & Mask) + r2.Above51,
        (r4.Low & Mask) + r3.Above51);

    // a^(2^252 - 3), which is (p - 5) / 8.
    private static FieldElement Power252Minus3(in FieldElement a)
    {
        var a2 = Square(a);
        var a9 = Square(Square(a2)) * a;
        var a11 = a9 * a2;
        var ones5 = Square(a11) * a9; // 2^5 - 1
        var ones10 = SquareTimes(ones5, 5) * ones5;
        var ones20 = SquareTimes(ones10, 10) * ones10;
        var ones40 = SquareTimes(ones20, 20) * ones20;
        var ones50 = SquareTimes(ones40, 10) * ones10;
        var ones100 = SquareTimes(ones50, 50) * ones50;
        var ones200 = SquareTimes(ones100, 100) * ones100;
        var ones250 = SquareTimes(ones200, 50) * ones50;
        return SquareTimes(ones250, 2) * a;
    }

    private static FieldElement SquareTimes(FieldElement a, int times)
    {
        for (; times > 0; times--) a = Square(a);
        return a;
    }

    private static FieldElement MakeRootOfMinusOne()
    {
        // 2^((p-1)/4) = (2^((p-5)/8))^2 * 2
        var two = FromSmall(2);
        return Square(Power252Minus3(two)) * two;
    }

    /// <summary>A sum of products, below 2^115.</summary>
    private readonly struct Wide(ulong high, ulong low)
    {
        public ulong Low => low;

        public ulong Above51
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => (high << 13) | (low >> 51);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Wide Add(ulong x, ulong y)
        {
            // Asking for both halves at once costs a way through memory; two multiplications cost less.
            var lower = x * y;
            var upper = Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(x, y) : Math.BigMul(x, y, out _);
            var sum = low + lower;
            return new(high + upper + (sum < lower ? 1UL : 0UL), sum);
        }
    }
}
