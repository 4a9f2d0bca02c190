namespace Libp2p.Tests.Identity;

public class SecretTests
{
    [Fact]
    public void Disposing_zeroes_the_secret_of_an_Ed25519_key()
    {
        var key = (Ed25519PrivateKey)Seeds.Key(7);
        key.SecretStorage.ShouldBe(Enumerable.Repeat((byte)7, 32).ToArray());

        key.Dispose();

        key.SecretStorage.ShouldBe(new byte[32]);
    }

    [Fact]
    public void Disposing_zeroes_the_secret_of_a_secp256k1_key()
    {
        var key = (Secp256k1PrivateKey)PrivateKey.Generate(KeyType.Secp256k1);
        key.SecretStorage.ShouldNotBe(new byte[32]);

        key.Dispose();

        key.SecretStorage.ShouldBe(new byte[32]);
    }

    [Fact]
    public void A_secret_in_use_is_zeroed_once_the_last_user_is_done()
    {
        var secret = new Secret([1, 2, 3]);

        secret.Use(secret, static (bytes, secret) =>
        {
            secret.Dispose();
            bytes.ToArray().ShouldBe([1, 2, 3]);
            Should.Throw<ObjectDisposedException>(() => secret.Use(0, static (_, _) => 0));
            return 0;
        });

        secret.Storage.ShouldBe(new byte[3]);
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Rsa)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    public void A_disposed_key_neither_signs_nor_tells_itself_but_keeps_its_public_half(KeyType type)
    {
        var key = PrivateKey.Generate(type);
        var signature = key.Sign([1]);

        key.Dispose();
        key.Dispose();

        Should.Throw<ObjectDisposedException>(() => key.Sign([1]));
        Should.Throw<ObjectDisposedException>(() => key.ToProtobuf());
        key.PublicKey.Verify([1], signature).ShouldBeTrue();
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Rsa)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    public void The_text_of_a_private_key_is_its_peer_id(KeyType type)
    {
        using var key = PrivateKey.Generate(type);

        key.ToString().ShouldBe($"private key of {key.PublicKey.PeerId}");
    }

    [Fact]
    public async Task One_key_signs_and_verifies_for_many_at_once()
    {
        foreach (var type in Enum.GetValues<KeyType>())
        {
            using var key = PrivateKey.Generate(type);
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => key.PublicKey.Verify([(byte)n], key.Sign([(byte)n])))));
            results.ShouldAllBe(verified => verified);
        }
    }
}
