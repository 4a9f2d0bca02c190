namespace Libp2p;

/// <summary>
/// A point of edwards25519 (RFC 8032, section 5.1) in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. Not constant in time: for public values only.
/// </summary>
internal readonly struct EdwardsPoint
{
    private readonly FieldElement _x, _y, _z, _t;

    private EdwardsPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t) => (_x, _y, _z, _t) = (x, y, z, t);

    public static EdwardsPoint Identity => new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    // d = -121665/121666
    private static FieldElement D { get; } = -(FieldElement.FromSmall(121665) * FieldElement.Invert(FieldElement.FromSmall(121666)));

    private static FieldElement DoubleD { get; } = D + D;

    // Behind D, which it is made with.
    /// <summary>The base point: y = 4/5, x even.</summary>
    public static EdwardsPoint Base { get; } = MakeBase();

    /// <summary>Whether eight times the point is nothing: orders 1, 2, 4 and 8.</summary>
    public bool IsOfSmallOrder
    {
        get
        {
            var p = Double(Double(Double(this)));
            return p._x.IsZero && (p._y - p._z).IsZero;
        }
    }

    /// <summary>Reads the canonical encoding: y below p, and no sign on x = 0.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out EdwardsPoint point)
    {
        point = default;
        var odd = (bytes[31] & 0x80) != 0;
        var y = FieldElement.Decode(bytes);
        Span<byte> canonical = stackalloc byte[FieldElement.Size];
        FieldElement.Encode(y, canonical);
        if (odd) canonical[31] |= 0x80;
        if (!canonical.SequenceEqual(bytes)) return false;

        // x^2 = (y^2 - 1) / (d y^2 + 1)
        var y2 = FieldElement.Square(y);
        if (!FieldElement.TrySquareRoot(y2 - FieldElement.One, (D * y2) + FieldElement.One, out var x)) return false;
        if (odd)
        {
            if (x.IsZero) return false;
            x = -x;
        }

        point = new(x, y, FieldElement.One, x * y);
        return true;
    }

    public void Encode(Span<byte> bytes)
    {
        var inverse = FieldElement.Invert(_z);
        FieldElement.Encode(_y * inverse, bytes);
        if ((_x * inverse).IsOdd) bytes[31] |= 0x80;
    }

    public static EdwardsPoint operator -(in EdwardsPoint p) => new(-p._x, p._y, p._z, -p._t);

    /// <summary>Twice the point (dbl-2008-hwcd).</summary>
    /// <param name="p">Its T is not looked at.</param>
    /// <param name="forAddition">False: T is left out, and the result is only good for doubling and encoding.</param>
    public static EdwardsPoint Double(in EdwardsPoint p, bool forAddition = true)
    {
        var a = FieldElement.Square(p._x);
        var b = FieldElement.Square(p._y);
        var c = FieldElement.Square(p._z);
        var h = a + b;
        var e = FieldElement.Square(p._x + p._y) - h;
        var g = b - a;
        var f = c + c - g;
        return new(e * f, g * h, f * g, forAddition ? e * h : default);
    }

    /// <summary>The sum (add-2008-hwcd-3, complete on this curve).</summary>
    public static EdwardsPoint operator +(in EdwardsPoint p, in Addend q) => Add(p, q.Sum, q.Difference, q.DoubleZ, q.ScaledT);

    /// <summary>The difference.</summary>
    public static EdwardsPoint operator -(in EdwardsPoint p, in Addend q) => Add(p, q.Difference, q.Sum, q.DoubleZ, -q.ScaledT);

    private static EdwardsPoint Add(in EdwardsPoint p, in FieldElement sum, in FieldElement difference, in FieldElement doubleZ, in FieldElement scaledT)
    {
        var a = (p._y - p._x) * difference;
        var b = (p._y + p._x) * sum;
        var c = p._t * scaledT;
        var d = p._z * doubleZ;
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new(e * f, g * h, f * g, e * h);
    }

    /// <summary>The odd multiples of a point up to 2 * count - 1, ready to be added.</summary>
    public static Addend[] OddMultiples(in EdwardsPoint point, int count)
    {
        var multiples = new Addend[count];
        var twice = new Addend(Double(point));
        var next = point;
        multiples[0] = new(next);
        for (var i = 1; i < count; i++)
        {
            next += twice;
            multiples[i] = new(next);
        }

        return multiples;
    }

    private static EdwardsPoint MakeBase()
    {
        Span<byte> bytes = stackalloc byte[FieldElement.Size];
        FieldElement.Encode(FieldElement.FromSmall(4) * FieldElement.Invert(FieldElement.FromSmall(5)), bytes);
        return TryDecode(bytes, out var point) ? point : throw new InvalidOperationException();
    }

    /// <summary>What an addition needs of its second operand: y+x, y-x, 2z, 2dt.</summary>
    public readonly struct Addend(in EdwardsPoint point)
    {
        public readonly FieldElement Sum = point._y + point._x;
        public readonly FieldElement Difference = point._y - point._x;
        public readonly FieldElement DoubleZ = point._z + point._z;
        public readonly FieldElement ScaledT = point._t * DoubleD;
    }
}
