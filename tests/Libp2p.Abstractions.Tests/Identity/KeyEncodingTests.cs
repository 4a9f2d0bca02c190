using System.Formats.Asn1;
using System.Text;

namespace Libp2p.Tests.Identity;

public class KeyEncodingTests
{
    private const string Password = "correct-horse";

    private static readonly byte[] Message = Encoding.ASCII.GetBytes("signed elsewhere");

    public static TheoryData<string, KeyType> OpenSslKeys => new()
    {
        { "ed25519", KeyType.Ed25519 },
        { "rsa", KeyType.Rsa },
        { "ec-P-256", KeyType.Ecdsa },
        { "ec-P-384", KeyType.Ecdsa },
        { "ec-P-521", KeyType.Ecdsa },
        { "ec-secp256k1", KeyType.Secp256k1 },
    };

    public static TheoryData<string> Kinds => ["ed25519", "secp256k1", "p256", "p384", "p521", "rsa"];

    [Theory]
    [MemberData(nameof(OpenSslKeys))]
    public void Keys_of_OpenSSL_are_read_plain_and_encrypted_and_verify_what_it_signed(string name, KeyType type)
    {
        using var key = PrivateKey.FromPem(Pem(name + ".pem"));
        using var encrypted = PrivateKey.FromPem(Pem(name + ".encrypted.pem"), Password);
        var publicKey = PublicKey.FromPem(Pem(name + ".pub.pem"));

        key.Type.ShouldBe(type);
        key.PublicKey.ShouldBe(publicKey);
        encrypted.PublicKey.ShouldBe(publicKey);
        publicKey.Verify(Message, Vectors.Bytes($"openssl-keys/{name}.sig")).ShouldBeTrue();
        publicKey.Verify(Message, encrypted.Sign(Message)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(OpenSslKeys))]
    public void Keys_are_written_as_OpenSSL_writes_them(string name, KeyType type)
    {
        using var key = PrivateKey.FromPem(Pem(name + ".pem"));

        new string(key.ToPem()).ShouldBe(Pem(name + ".pem").Trim(), type.ToString());
        key.PublicKey.ToPem().ShouldBe(Pem(name + ".pub.pem").Trim());
    }

    [Theory]
    [InlineData("rsa", "rsa.pkcs1.pem")]
    [InlineData("ec-P-256", "ec-P-256.sec1.pem")]
    [InlineData("ec-P-384", "ec-P-384.sec1.pem")]
    [InlineData("ec-P-521", "ec-P-521.sec1.pem")]
    [InlineData("ec-secp256k1", "ec-secp256k1.sec1.pem")]
    public void The_traditional_forms_are_read(string name, string traditional)
    {
        using var key = PrivateKey.FromPem(Pem(traditional));

        key.PublicKey.ShouldBe(PublicKey.FromPem(Pem(name + ".pub.pem")));
    }

    [Fact]
    public void Other_hashes_and_lengths_of_AES_are_read_and_other_ciphers_and_derivations_refused()
    {
        using var key = PrivateKey.FromPem(Pem("ec-P-256.sha1-aes128.pem"), Password);

        key.PublicKey.ShouldBe(PublicKey.FromPem(Pem("ec-P-256.pub.pem")));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPem(Pem("ec-P-256.des3.pem"), Password)).Message.ShouldContain("AES");
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPem(Pem("ec-P-256.scrypt.pem"), Password)).Message.ShouldContain("PBKDF2");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read_again_in_every_form(string kind)
    {
        using var key = Make(kind);
        using var pkcs8 = PrivateKey.FromPkcs8(key.ToPkcs8());
        using var pem = PrivateKey.FromPem(key.ToPem());
        using var encrypted = PrivateKey.FromEncryptedPkcs8(key.ToEncryptedPkcs8("pass", 1000), "pass");
        using var encryptedPem = PrivateKey.FromPem($"a comment\n{key.ToEncryptedPem("pass", 1000)}\nand another", "pass");

        foreach (var read in new[] { pkcs8, pem, encrypted, encryptedPem })
        {
            read.ToProtobuf().ShouldBe(key.ToProtobuf());
            key.PublicKey.Verify(Message, read.Sign(Message)).ShouldBeTrue();
        }

        PublicKey.FromSubjectPublicKeyInfo(key.PublicKey.ToSubjectPublicKeyInfo()).ShouldBe(key.PublicKey);
        PublicKey.FromPem(key.PublicKey.ToPem()).ShouldBe(key.PublicKey);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_prefix_of_every_form_is_refused(string kind)
    {
        using var key = Make(kind);
        var (pkcs8, encrypted, info) = (key.ToPkcs8(), key.ToEncryptedPkcs8("pass", 1000), key.PublicKey.ToSubjectPublicKeyInfo());

        for (var length = 0; length < pkcs8.Length; length++) Should.Throw<KeyFormatException>(() => PrivateKey.FromPkcs8(pkcs8.AsSpan(0, length)));
        for (var length = 0; length < encrypted.Length; length++) Should.Throw<KeyFormatException>(() => PrivateKey.FromEncryptedPkcs8(encrypted.AsSpan(0, length), "pass"));
        for (var length = 0; length < info.Length; length++) Should.Throw<KeyFormatException>(() => PublicKey.FromSubjectPublicKeyInfo(info.AsSpan(0, length)));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPkcs8([.. pkcs8, 0]));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromEncryptedPkcs8([.. encrypted, 0], "pass"));
        Should.Throw<KeyFormatException>(() => PublicKey.FromSubjectPublicKeyInfo([.. info, 0]));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("secp256k1")]
    [InlineData("p256")]
    public void Row17_a_flipped_bit_in_a_key_gives_the_same_key_or_none_or_another_whole_one(string kind)
    {
        using var key = Make(kind);
        var pkcs8 = key.ToPkcs8();
        for (var bit = 0; bit < pkcs8.Length * 8; bit++)
        {
            pkcs8[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                using var other = PrivateKey.FromPkcs8(pkcs8);
                other.PublicKey.Verify(Message, other.Sign(Message)).ShouldBeTrue($"bit {bit}");
            }
            catch (KeyFormatException)
            {
            }

            pkcs8[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_wrong_password_is_told_and_a_missing_one_asked_for()
    {
        using var key = Seeds.Key(1);
        var pem = key.ToEncryptedPem("right", 1000);

        // One in 256 of these decrypts to bytes that are padded well.
        for (var attempt = 0; attempt < 600; attempt++) Should.Throw<KeyFormatException>(() => PrivateKey.FromPem(pem, $"wrong {attempt}")).Message.ShouldContain("password");
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPem(pem)).Message.ShouldContain("password");
        Should.Throw<ArgumentException>(() => key.ToEncryptedPkcs8(""));
        Should.Throw<ArgumentOutOfRangeException>(() => key.ToEncryptedPkcs8("x", 999));
    }

    [Fact]
    public void Iterations_without_bound_are_refused_before_they_are_made()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier("1.2.840.113549.1.5.12");
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString(new byte[8]);
                            writer.WriteInteger(int.MaxValue);
                        }
                    }
                }
            }

            writer.WriteOctetString(new byte[16]);
        }

        var endless = writer.Encode();

        Should.Throw<KeyFormatException>(() => PrivateKey.FromEncryptedPkcs8(endless, "pass")).Message.ShouldContain("iterations");
    }

    [Fact]
    public void What_is_no_key_in_PEM_is_refused()
    {
        using var key = Seeds.Key(1);

        Should.Throw<KeyFormatException>(() => PrivateKey.FromPem("nothing of the kind"));
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPem(key.PublicKey.ToPem())).Message.ShouldContain("PUBLIC KEY");
        Should.Throw<KeyFormatException>(() => PublicKey.FromPem(key.ToPem())).Message.ShouldContain("PRIVATE KEY");
        Should.Throw<KeyFormatException>(() => PublicKey.FromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"));
        Should.Throw<KeyFormatException>(() => PublicKey.FromSubjectPublicKeyInfo(Convert.FromHexString("302a300506032b656e032100" + new string('0', 64)))); // X25519
    }

    [Fact]
    public void The_public_half_of_version_1_is_checked()
    {
        using var key = Seeds.Key(1);
        using var other = Seeds.Key(2);
        var plain = key.ToPkcs8();
        byte[] With(PublicKey half) => [0x30, (byte)(plain[1] + 35), 0x02, 1, 1, .. plain[5..], 0x81, 33, 0, .. half.Data.Span];

        using var read = PrivateKey.FromPkcs8(With(key.PublicKey));

        read.PublicKey.ShouldBe(key.PublicKey);
        Should.Throw<KeyFormatException>(() => PrivateKey.FromPkcs8(With(other.PublicKey)));
    }

    private static PrivateKey Make(string kind) => kind switch
    {
        "ed25519" => PrivateKey.Generate(),
        "secp256k1" => PrivateKey.Generate(KeyType.Secp256k1),
        "rsa" => PrivateKey.GenerateRsa(2048),
        _ => PrivateKey.GenerateEcdsa(int.Parse(kind.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static string Pem(string name) => Encoding.ASCII.GetString(Vectors.Bytes("openssl-keys/" + name));
}
