using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>
/// Ed25519 verification (RFC 8032, section 5.1.7). It exists because no provider at hand has a verdict that is the same on every system and is the one the other libp2p
/// implementations give: BouncyCastle multiplies the equation by a number that follows from the message, so that a small order in the commitment shows for some messages
/// and hides for others. Only public values pass through here; whatever touches a private key is the provider's.
/// </summary>
internal static class Ed25519Verifier
{
    private const int KeyWindow = 5;
    private const int BaseWindow = 8;

    // The order of the base point: 2^252 + 27742317777372353535851937790883648493.
    private static readonly BigInteger Order = (BigInteger.One << 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly EdwardsPoint.Addend[] BaseMultiples = EdwardsPoint.OddMultiples(EdwardsPoint.Base, 1 << (BaseWindow - 2));

    /// <summary>Reads a key that may verify: the canonical encoding of a point that is not of small order.</summary>
    public static bool TryReadKey(ReadOnlySpan<byte> key, out EdwardsPoint point) => EdwardsPoint.TryDecode(key, out point) && !point.IsOfSmallOrder;

    /// <summary>Whether S is below the group order, and R the encoding of [S]B - [k]A, byte for byte.</summary>
    /// <param name="key">The key, A, as it was encoded.</param>
    /// <param name="point">The key, as it was read.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">R and S, 64 bytes.</param>
    public static bool Verify(ReadOnlySpan<byte> key, in EdwardsPoint point, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var commitment = signature[..32];
        var s = new BigInteger(signature[32..], isUnsigned: true);
        if (s >= Order) return false;

        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        using (var hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA512))
        {
            hasher.AppendData(commitment);
            hasher.AppendData(key);
            hasher.AppendData(message);
            hasher.GetHashAndReset(hash);
        }

        var k = new BigInteger(hash, isUnsigned: true) % Order;
        Span<byte> expected = stackalloc byte[FieldElement.Size];
        Combine(s, -point, k).Encode(expected);
        return expected.SequenceEqual(commitment);
    }

    // [s]B + [k]P, both scalars in non-adjacent form, so that one run of doublings serves both (Straus).
    private static EdwardsPoint Combine(in BigInteger s, in EdwardsPoint p, in BigInteger k)
    {
        Span<sbyte> baseDigits = stackalloc sbyte[256];
        Span<sbyte> keyDigits = stackalloc sbyte[256];
        ToNonAdjacentForm(s, BaseWindow, baseDigits);
        ToNonAdjacentForm(k, KeyWindow, keyDigits);
        var keyMultiples = EdwardsPoint.OddMultiples(p, 1 << (KeyWindow - 2));
        var sum = EdwardsPoint.Identity;
        for (var i = Math.Max(baseDigits.LastIndexOfAnyExcept((sbyte)0), keyDigits.LastIndexOfAnyExcept((sbyte)0)); i >= 0; i--)
        {
            sum = EdwardsPoint.Double(sum, forAddition: (keyDigits[i] | baseDigits[i]) != 0);
            sum = AddDigit(sum, keyDigits[i], keyMultiples);
            sum = AddDigit(sum, baseDigits[i], BaseMultiples);
        }

        return sum;
    }

    private static EdwardsPoint AddDigit(in EdwardsPoint sum, sbyte digit, EdwardsPoint.Addend[] oddMultiples) => digit switch
    {
        > 0 => sum + oddMultiples[digit / 2],
        < 0 => sum - oddMultiples[-digit / 2],
        _ => sum,
    };

    // Digits that are 0 or odd and below 2^(width-1) in size; of any width in a row at most one is not 0.
    private static void ToNonAdjacentForm(in BigInteger scalar, int width, Span<sbyte> digits)
    {
        Span<byte> bytes = stackalloc byte[40];
        bytes.Clear();
        scalar.TryWriteBytes(bytes, out _, isUnsigned: true);
        digits.Clear();
        var carry = 0;
        for (var at = 0; at < 256;)
        {
            var window = (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at / 8)..]) >> (at % 8)) & ((1 << width) - 1);
            window += carry;
            if ((window & 1) == 0)
            {
                at++;
                continue;
            }

            carry = window >= 1 << (width - 1) ? 1 : 0;
            digits[at] = (sbyte)(window - (carry << width));
            at += width;
        }
    }
}
