using System.Formats.Asn1;
using System.Text;

namespace Libp2p.Tests.Identity;

public class KeyHardeningTests
{
    private static readonly byte[] Message = Encoding.ASCII.GetBytes("signed by one, believed by all");

    public static TheoryData<KeyType> Types => [.. Enum.GetValues<KeyType>()];

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2040, false)]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    [InlineData(16384, false)]
    [InlineData(1 << 17, false)]
    public void Row09_RSA_keys_outside_of_2048_to_8192_bits_are_refused_when_read(int bits, bool accepted)
    {
        var data = RsaData(Modulus(bits), [1, 0, 1]);

        if (accepted) PublicKey.FromData(KeyType.Rsa, data).Data.ToArray().ShouldBe(data);
        else Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Rsa, data));
    }

    [Fact]
    public void Row09_a_private_RSA_key_that_is_too_small_is_refused()
    {
        var small = Convert.FromHexString(Vectors.Json("peer-ids-and-keys/js_crypto_fixtures_hex.json").GetProperty("go-key-rsa.ts").GetProperty("key")[0].GetString()!);

        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(small)).Message.ShouldContain("512 bits");
    }

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 0x80, 0, 0, 1 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1 })]
    public void Odd_RSA_exponents_name_a_peer_but_verify_nothing(byte[] exponent)
    {
        using var key = PrivateKey.GenerateRsa(2048);
        var modulus = ModulusOf(key.PublicKey);

        PublicKey.FromData(KeyType.Rsa, RsaData(modulus, [1, 0, 1])).Verify(Message, key.Sign(Message)).ShouldBeTrue();
        PublicKey.FromData(KeyType.Rsa, RsaData(modulus, exponent)).Verify(Message, key.Sign(Message)).ShouldBeFalse();
        PublicKey.FromData(KeyType.Rsa, RsaData(modulus, exponent)).Verify(Message, Padded(modulus.Length)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row10_no_signature_with_a_flipped_bit_verifies(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var signature = key.Sign(Message);
        key.PublicKey.Verify(Message, signature).ShouldBeTrue();

        ForEachFlippedBit(signature, (flipped, bit) => key.PublicKey.Verify(Message, flipped).ShouldBeFalse($"bit {bit}"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row10_no_signature_verifies_under_a_key_with_a_flipped_bit(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var signature = key.Sign(Message);

        ForEachFlippedBit(key.PublicKey.Protobuf.ToArray(), (flipped, bit) =>
            (PublicKey.TryFromProtobuf(flipped, out var other) && other.Verify(Message, signature)).ShouldBeFalse($"bit {bit}"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row10_no_message_with_a_flipped_bit_verifies(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var signature = key.Sign(Message);

        ForEachFlippedBit([.. Message], (flipped, bit) => key.PublicKey.Verify(flipped, signature).ShouldBeFalse($"bit {bit}"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row10_no_prefix_and_no_extension_of_a_signature_verifies(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var signature = key.Sign(Message);

        for (var length = 0; length < signature.Length; length++) key.PublicKey.Verify(Message, signature.AsSpan(0, length)).ShouldBeFalse($"prefix of {length}");
        key.PublicKey.Verify(Message, [.. signature, 0]).ShouldBeFalse();
        key.PublicKey.Verify(Message, [0, .. signature]).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_prefix_of_a_public_and_of_a_private_key_is_refused(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var (open, secret) = (key.PublicKey.Protobuf.ToArray(), key.ToProtobuf());

        for (var length = 0; length < open.Length; length++) PublicKey.TryFromProtobuf(open.AsSpan(0, length), out _).ShouldBeFalse($"prefix of {length}");
        for (var length = 0; length < secret.Length; length++)
        {
            var prefix = secret[..length];
            Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(prefix));
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa)]
    [InlineData(KeyType.Ecdsa)]
    public void Row17_trailing_bytes_and_other_lengths_in_DER_are_refused(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var der = key.PublicKey.Data.ToArray();
        var longLengths = type == KeyType.Rsa; // whether the outer length takes two bytes already
        byte[][] bad =
        [
            [.. der, 0],
            [.. der, 5, 0],
            Grown(der, longLengths), // a trailing byte inside of the outer sequence
            longLengths ? [der[0], 0x83, 0, .. der[2..]] : [der[0], 0x81, .. der[1..]], // the same length, not minimal
            [der[0], 0x80, .. der[(longLengths ? 4 : 2)..], 0, 0], // the indefinite form of BER
        ];

        foreach (var bytes in bad) Should.Throw<KeyFormatException>(() => PublicKey.FromData(type, bytes)).ShouldNotBeNull(Convert.ToHexString(bytes));
    }

    [Fact]
    public void Row17_points_that_are_not_on_the_curve_are_refused()
    {
        using var ecdsa = PrivateKey.Generate(KeyType.Ecdsa);
        using var secp256k1 = PrivateKey.Generate(KeyType.Secp256k1);
        var point = ecdsa.PublicKey.Data.ToArray();
        point[^1] ^= 1;
        var notOnCurve = new byte[33];
        notOnCurve[0] = 2;
        notOnCurve[^1] = 5; // x = 5 has no y on secp256k1

        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Ecdsa, point));
        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Secp256k1, notOnCurve));
        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Secp256k1, new byte[1]));
        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Secp256k1, [5, .. secp256k1.PublicKey.Data.Span[1..]]));
        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Ecdsa, secp256k1.PublicKey.Data.Span));
    }

    [Fact]
    public void Row17_ECDSA_over_another_curve_is_refused()
    {
        using var key = PrivateKey.Generate(KeyType.Ecdsa);
        var data = key.PublicKey.Data.ToArray();
        data.AsSpan().IndexOf(Convert.FromHexString("2a8648ce3d030107")).ShouldBeGreaterThan(0);
        data[data.AsSpan().IndexOf(Convert.FromHexString("2a8648ce3d030107")) + 7] = 6;

        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Ecdsa, data)).Message.ShouldContain("1.2.840.10045.3.1.6");
    }

    [Theory]
    [InlineData(256)]
    [InlineData(384)]
    [InlineData(521)]
    public void Every_NIST_curve_signs_and_verifies(int bits)
    {
        using var ecdsa = System.Security.Cryptography.ECDsa.Create();
        ecdsa.KeySize = bits;
        using var key = PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(KeyType.Ecdsa, ecdsa.ExportECPrivateKey()));

        key.PublicKey.Data.ToArray().ShouldBe(ecdsa.ExportSubjectPublicKeyInfo());
        key.PublicKey.Verify(Message, key.Sign(Message)).ShouldBeTrue();
    }

    [Fact]
    public void Row17_DER_signatures_have_one_spelling()
    {
        foreach (var type in new[] { KeyType.Ecdsa, KeyType.Secp256k1 })
        {
            using var key = PrivateKey.Generate(type);
            var signature = key.Sign(Message);
            key.PublicKey.Verify(Message, [0x30, 0x81, .. signature[1..]]).ShouldBeFalse();
            key.PublicKey.Verify(Message, [0x30, (byte)(signature[1] + 1), 0x02, (byte)(signature[3] + 1), 0, .. signature[4..]]).ShouldBeFalse();
            key.PublicKey.Verify(Message, [0x30, 6, 2, 1, 0, 2, 1, 0]).ShouldBeFalse();
            key.PublicKey.Verify(Message, [0x30, 6, 2, 1, 1, 2, 1, 1]).ShouldBeFalse();
            key.PublicKey.Verify(Message, [0x30, 6, 2, 1, 0xFF, 2, 1, 0xFF]).ShouldBeFalse();
        }
    }

    [Fact]
    public void Both_values_of_s_verify_for_secp256k1_and_the_lower_is_what_is_signed_with()
    {
        var order = Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        var n = new System.Numerics.BigInteger(order, isUnsigned: true, isBigEndian: true);
        using var key = PrivateKey.Generate(KeyType.Secp256k1);
        Span<byte> pair = stackalloc byte[64];
        for (byte i = 0; i < 8; i++)
        {
            EcdsaSignature.TryDecode(key.Sign([i]), pair).ShouldBeTrue();
            var s = new System.Numerics.BigInteger(pair[32..], isUnsigned: true, isBigEndian: true);
            (s <= n / 2).ShouldBeTrue();
            var higher = (n - s).ToByteArray(isUnsigned: true, isBigEndian: true);
            key.PublicKey.Verify([i], EcdsaSignature.Encode(pair[..32], higher)).ShouldBeTrue();
        }
    }

    [Fact]
    public void An_uncompressed_secp256k1_key_is_the_same_peer_as_the_compressed_one()
    {
        using var key = PrivateKey.Generate(KeyType.Secp256k1);
        var uncompressed = Secp256k1PublicKey.Curve.Curve.DecodePoint(key.PublicKey.Data.ToArray()).GetEncoded(compressed: false);

        var read = PublicKey.FromData(KeyType.Secp256k1, uncompressed);

        read.ShouldBe(key.PublicKey);
        read.PeerId.ShouldBe(key.PublicKey.PeerId);
        Should.Throw<KeyFormatException>(() => PublicKey.FromData(KeyType.Secp256k1, [6, .. uncompressed[1..]]));
    }

    [Theory]
    [InlineData("")] // nothing
    [InlineData("0801")] // no data
    [InlineData("1220")] // a length without bytes
    [InlineData("0a00")] // the type as bytes
    [InlineData("08041200")] // an unknown type
    [InlineData("08ffffffffffffffffff011200")] // type -1
    [InlineData("0801121f" + "00000000000000000000000000000000000000000000000000000000000000")] // 31 bytes
    [InlineData("08011221" + "000000000000000000000000000000000000000000000000000000000000000000")] // 33 bytes
    [InlineData("08001200")]
    [InlineData("08021200")]
    [InlineData("08031200")]
    public void What_is_no_key_is_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);

        PublicKey.TryFromProtobuf(bytes, out _).ShouldBeFalse();
        Should.Throw<KeyFormatException>(() => PublicKey.FromProtobuf(bytes));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(bytes));
    }

    [Fact]
    public void A_key_in_another_spelling_of_the_message_is_the_same_key()
    {
        using var key = Seeds.Key(1);
        var data = key.PublicKey.Data.ToArray();
        byte[][] spellings = [[0x12, 32, .. data, 0x08, 1], [0x08, 0x81, 0, 0x12, 32, .. data], [0x08, 0, 0x08, 1, 0x12, 32, .. data], [0x08, 1, 0x12, 32, .. data, 0x1A, 1, 7]];

        foreach (var bytes in spellings)
        {
            var read = PublicKey.FromProtobuf(bytes);
            read.ShouldBe(key.PublicKey);
            read.PeerId.ShouldBe(key.PublicKey.PeerId);
        }
    }

    [Fact]
    public void Row44_the_id_of_an_RSA_key_matches_no_other_key()
    {
        using var key = PrivateKey.Generate(KeyType.Rsa);
        using var other = PrivateKey.Generate(KeyType.Rsa);
        using var ed25519 = Seeds.Key(1);
        var id = PeerId.Parse(key.PublicKey.PeerId.ToString());

        id.Matches(key.PublicKey).ShouldBeTrue();
        id.Matches(other.PublicKey).ShouldBeFalse();
        id.Matches(ed25519.PublicKey).ShouldBeFalse();
    }

    [Fact]
    public void Private_keys_with_a_public_half_that_is_not_their_own_are_refused()
    {
        using var key = Seeds.Key(1);
        using var other = Seeds.Key(2);
        var seed = key.ToProtobuf()[4..36];
        var (own, foreign) = (key.PublicKey.Data.ToArray(), other.PublicKey.Data.ToArray());

        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf([0x08, 1, 0x12, 64, .. seed, .. foreign]));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf([0x08, 1, 0x12, 96, .. seed, .. own, .. foreign]));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf([0x08, 1, 0x12, 32, .. seed]));
        using var same = PrivateKey.FromProtobuf([0x08, 1, 0x12, 96, .. seed, .. own, .. own]);
        same.PublicKey.ShouldBe(key.PublicKey);
    }

    [Fact]
    public void Private_DER_with_bytes_behind_it_is_refused()
    {
        foreach (var type in new[] { KeyType.Rsa, KeyType.Ecdsa })
        {
            using var key = PrivateKey.Generate(type);
            var der = KeyProtobuf.DecodePrivate(key.ToProtobuf(), out _).ToArray();
            Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(type, [.. der, 0])));
        }
    }

    [Fact]
    public void ECDSA_private_keys_may_leave_their_public_half_out_but_not_carry_another()
    {
        using var key = PrivateKey.Generate(KeyType.Ecdsa);
        using var other = PrivateKey.Generate(KeyType.Ecdsa);
        var der = KeyProtobuf.DecodePrivate(key.ToProtobuf(), out _);
        var half = der.IndexOf((byte[])[0xA1, 0x44]);
        byte[] without = [0x30, (byte)(der[1] - 0x46), .. der[2..half]];
        byte[] foreign = [.. der[..half], .. KeyProtobuf.DecodePrivate(other.ToProtobuf(), out _)[half..]];

        using var read = PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(KeyType.Ecdsa, without));

        read.PublicKey.ShouldBe(key.PublicKey);
        Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(KeyType.Ecdsa, foreign)));
    }

    [Fact]
    public void Secp256k1_scalars_outside_of_the_group_are_refused()
    {
        byte[][] bad = [new byte[32], Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"), [.. Enumerable.Repeat((byte)0xFF, 32)], new byte[31], new byte[33]];
        foreach (var scalar in bad) Should.Throw<KeyFormatException>(() => PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(KeyType.Secp256k1, scalar)));
    }

    private static void ForEachFlippedBit(byte[] bytes, Action<byte[], int> check)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            check(bytes, bit);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static byte[] RsaData(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteIntegerUnsigned(modulus);
            key.WriteIntegerUnsigned(exponent);
        }

        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                info.WriteNull();
            }

            info.WriteBitString(key.Encode());
        }

        return info.Encode();
    }

    private static byte[] Modulus(int bits)
    {
        var modulus = new byte[(bits + 7) / 8];
        modulus[0] = (byte)(1 << ((bits - 1) % 8));
        modulus[^1] |= 1;
        return modulus;
    }

    private static byte[] ModulusOf(PublicKey key) => SubjectPublicKeyInfo.ReadRsa(key.Data.Span).Modulus.ToArray();

    // What raising to the power of 1 would accept: the padded digest itself.
    private static byte[] Padded(int length)
    {
        byte[] digest = [.. Convert.FromHexString("3031300d060960864801650304020105000420"), .. System.Security.Cryptography.SHA256.HashData(Message)];
        return [0, 1, .. Enumerable.Repeat((byte)0xFF, length - digest.Length - 3), 0, .. digest];
    }

    private static byte[] Grown(byte[] der, bool longLengths)
    {
        byte[] grown = [.. der, 0];
        if (longLengths) grown[3]++;
        else grown[1]++;
        return grown;
    }
}
