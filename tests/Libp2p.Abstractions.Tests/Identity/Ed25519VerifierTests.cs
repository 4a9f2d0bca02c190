using System.Numerics;
using CsCheck;
using BouncyCastle = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace Libp2p.Tests.Identity;

/// <summary>The arithmetic against big integers, the verdict against another implementation.</summary>
public class Ed25519VerifierTests
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    private static readonly BigInteger[] Edges =
        [0, 1, 2, 18, 19, 20, P - 1, P - 2, P - 19, P, P + 1, P + 18, BigInteger.Pow(2, 255) - 1, BigInteger.Pow(2, 51) - 1, BigInteger.Pow(2, 51), BigInteger.Pow(2, 204) - 1, (P - 1) / 2, (P + 1) / 2];

    private static readonly Gen<BigInteger> Values = Gen.OneOf(Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]), Gen.Byte.Array[32].Select(bytes => new BigInteger(bytes, isUnsigned: true) % BigInteger.Pow(2, 255)));

    [Fact]
    public void Field_arithmetic_is_that_of_integers_modulo_p() => Gen.Select(Values, Values, Values).Sample((a, b, c) =>
    {
        var (x, y, z) = (Field(a), Field(b), Field(c));
        Number(x).ShouldBe(a % P);
        Number(x + y).ShouldBe((a + b) % P);
        Number(x - y).ShouldBe((((a - b) % P) + P) % P);
        Number(-x).ShouldBe((P - (a % P)) % P);
        Number(x * y).ShouldBe(a * b % P);
        Number(FieldElement.Square(x)).ShouldBe(a * a % P);
        Number((x + y + z) * (x - y - z)).ShouldBe((((a + b + c) * (a - b - c) % P) + P) % P);
        Number(FieldElement.Square(x - y + z)).ShouldBe((a - b + c) * (a - b + c) % P);
        Number(FieldElement.Invert(x)).ShouldBe(BigInteger.ModPow(a, P - 2, P));
        x.IsOdd.ShouldBe(!(a % P).IsEven);
        x.IsZero.ShouldBe((a % P).IsZero);
    }, iter: 3000, threads: 1);

    [Fact]
    public void Square_roots_are_found_where_there_are_some_and_are_even() => Gen.Select(Values, Values).Where((_, b) => !(b % P).IsZero).Sample((a, b) =>
    {
        var quotient = a * BigInteger.ModPow(b, P - 2, P) % P;
        var exists = quotient.IsZero || BigInteger.ModPow(quotient, (P - 1) / 2, P).IsOne;
        FieldElement.TrySquareRoot(Field(a), Field(b), out var root).ShouldBe(exists);
        if (!exists) return;
        (Number(root) * Number(root) % P).ShouldBe(quotient);
        Number(root).IsEven.ShouldBeTrue();
    }, iter: 1000, threads: 1);

    [Fact]
    public void The_base_point_is_that_of_the_RFC()
    {
        var bytes = new byte[32];
        EdwardsPoint.Base.Encode(bytes);
        bytes.ShouldBe(Convert.FromHexString("5866666666666666666666666666666666666666666666666666666666666666"));
        EdwardsPoint.Base.IsOfSmallOrder.ShouldBeFalse();
        EdwardsPoint.Identity.IsOfSmallOrder.ShouldBeTrue();
    }

    [Fact]
    public void Points_come_back_and_what_is_no_point_is_refused_as_elsewhere() => Gen.Byte.Array[32].Sample(bytes =>
    {
        EdwardsPoint.TryDecode(bytes, out var point).ShouldBe(BouncyCastle.ValidatePublicKeyPartial(bytes));
        if (!BouncyCastle.ValidatePublicKeyPartial(bytes)) return;
        var again = new byte[32];
        point.Encode(again);
        again.ShouldBe(bytes);
    }, iter: 1000, threads: 1);

    [Fact]
    public void The_verdict_on_what_others_sign_and_on_any_change_is_that_of_another_implementation() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 300], Gen.Int[0, 4], Gen.Int[0, 511]).Sample((seed, message, change, bit) =>
        {
            var (key, signature) = (new byte[32], new byte[64]);
            BouncyCastle.GeneratePublicKey(seed, key);
            BouncyCastle.Sign(seed, key, message, signature);
            if (change == 1) signature[bit / 8] ^= (byte)(1 << (bit % 8));
            else if (change == 2) key[bit / 16] ^= (byte)(1 << (bit % 8));
            else if (change == 3) message = [.. message, 0];

            PublicKey.FromData(KeyType.Ed25519, key).Verify(message, signature).ShouldBe(BouncyCastle.Verify(signature, key, message));
        }, iter: 500, threads: 1);

    [Fact]
    public void Adding_the_group_order_to_S_makes_another_signature_that_is_refused()
    {
        using var key = Seeds.Key(3);
        var signature = key.Sign([1]);
        var order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        s.TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true).ShouldBeTrue();

        key.PublicKey.Verify([1], signature).ShouldBeFalse();
    }

    private static FieldElement Field(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true).ShouldBeTrue();
        return FieldElement.Decode(bytes);
    }

    private static BigInteger Number(FieldElement value) => new(FieldElement.Encode(value, new byte[32]), isUnsigned: true);
}
