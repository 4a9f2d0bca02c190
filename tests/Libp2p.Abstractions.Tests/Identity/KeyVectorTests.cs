using System.Text;

namespace Libp2p.Tests.Identity;

public class KeyVectorTests
{
    private const string Folder = "peer-ids-and-keys/";

    private static readonly byte[] GoMessage = Encoding.ASCII.GetBytes("Libp2p is the _best_!");

    [Fact]
    public void Spec_keys_are_read_and_written_again_byte_for_byte()
    {
        foreach (var vector in Vectors.Json(Folder + "spec_keys.json").EnumerateArray())
        {
            var bytes = vector.Hex("protobuf_hex");
            if (vector.Text("name").Contains("public"))
            {
                PublicKey.FromProtobuf(bytes).Protobuf.ToArray().ShouldBe(bytes, vector.Text("name"));
            }
            else
            {
                using var key = PrivateKey.FromProtobuf(bytes);
                key.ToProtobuf().ShouldBe(bytes, vector.Text("name"));
            }
        }
    }

    [Fact]
    public void Spec_private_keys_have_the_public_keys_beside_them()
    {
        var keys = Vectors.Json(Folder + "spec_keys.json").EnumerateArray().ToDictionary(v => v.Text("name").ToUpperInvariant(), v => v.Hex("protobuf_hex"));
        foreach (var type in new[] { "ECDSA", "ED25519", "SECP256K1", "RSA" })
        {
            using var key = PrivateKey.FromProtobuf(keys[type + " PRIVATE KEY"]);
            key.PublicKey.Protobuf.ToArray().ShouldBe(keys[type + " PUBLIC KEY"]);
        }
    }

    [Fact]
    public void Go_private_keys_have_the_peer_ids_that_go_gave_them()
    {
        var vectors = Vectors.Json(Folder + "key_to_peer_id.json").EnumerateArray().ToArray();
        vectors.Length.ShouldBe(12);
        foreach (var vector in vectors)
        {
            var bytes = vector.Hex("private_pb_hex");
            using var key = PrivateKey.FromProtobuf(bytes);
            key.PublicKey.PeerId.ToString().ShouldBe(vector.Text("peer_id"));
            PeerId.Parse(vector.Text("peer_id")).Matches(key.PublicKey).ShouldBeTrue();
            key.ToProtobuf().ShouldBe(bytes);
        }
    }

    [Theory]
    [InlineData(KeyType.Rsa, true)]
    [InlineData(KeyType.Secp256k1, true)]
    [InlineData(KeyType.Ecdsa, false)]
    public void Go_signatures_verify_and_are_the_same_where_the_type_is_deterministic(KeyType type, bool deterministic)
    {
        var publicBytes = Vectors.Bytes($"{Folder}go_core_crypto_test_data/{(int)type}.pub");
        var signature = Vectors.Bytes($"{Folder}go_core_crypto_test_data/{(int)type}.sig");
        using var key = PrivateKey.FromProtobuf(Vectors.Bytes($"{Folder}go_core_crypto_test_data/{(int)type}.priv"));

        key.PublicKey.Protobuf.ToArray().ShouldBe(publicBytes);
        key.PublicKey.Verify(GoMessage, signature).ShouldBeTrue();
        if (deterministic) key.Sign(GoMessage).ShouldBe(signature);
    }

    [Fact]
    public void The_historic_Ed25519_form_of_96_bytes_is_read_and_written_in_the_form_of_64()
    {
        var fixture = Vectors.Json(Folder + "js_crypto_fixtures_hex.json").GetProperty("go-key-ed25519.ts");
        byte[] Fixture(string name) => Convert.FromHexString(fixture.GetProperty(name)[0].GetString()!);
        var bytes = Fixture("privateKey");
        bytes.Length.ShouldBe(4 + 96);

        using var key = PrivateKey.FromProtobuf(bytes);

        key.PublicKey.Protobuf.ToArray().ShouldBe(Fixture("publicKey"));
        key.Sign(Fixture("data")).ShouldBe(Fixture("signature"));
        key.PublicKey.Verify(Fixture("data"), Fixture("signature")).ShouldBeTrue();
        key.ToProtobuf().Length.ShouldBe(4 + 64);
        using var again = PrivateKey.FromProtobuf(key.ToProtobuf());
        again.PublicKey.ShouldBe(key.PublicKey);
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("rsa-3072")]
    [InlineData("rsa-4096")]
    public void Rust_RSA_keys_sign_and_verify(string name)
    {
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportPkcs8PrivateKey(Vectors.Bytes($"{Folder}rust_identity_pk8/{name}.pk8"), out _);
        using var key = PrivateKey.FromProtobuf(KeyProtobuf.EncodePrivate(KeyType.Rsa, rsa.ExportRSAPrivateKey()));

        key.PublicKey.Data.ToArray().ShouldBe(rsa.ExportSubjectPublicKeyInfo());
        key.PublicKey.Verify(GoMessage, key.Sign(GoMessage)).ShouldBeTrue();
    }

    // RFC 8032, section 7.1.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519_follows_the_vectors_of_RFC_8032(string seed, string publicKey, string message, string signature)
    {
        using var key = PrivateKey.FromEd25519Seed(Convert.FromHexString(seed));

        key.PublicKey.Data.ToArray().ShouldBe(Convert.FromHexString(publicKey));
        key.Sign(Convert.FromHexString(message)).ShouldBe(Convert.FromHexString(signature));
        key.PublicKey.Verify(Convert.FromHexString(message), Convert.FromHexString(signature)).ShouldBeTrue();
    }
}
