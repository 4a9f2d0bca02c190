using System.Text.Json;
using Libp2p.Crypto;

namespace Libp2p.Oracle;

/// <summary>Questions about primitives, put to the provider that the node would take.</summary>
internal static class CryptoOps
{
    public static void X25519(Question question, Utf8JsonWriter answer)
    {
        using var key = CryptoProviders.X25519.Import(question.Bytes("private"));
        Span<byte> secret = stackalloc byte[X25519PrivateKey.Size];
        if (!key.TryAgree(question.Bytes("public"), secret)) throw new FormatException("the public key is of small order");
        answer.WriteHex("shared", secret);
    }

    public static void ChaCha20Poly1305(Question question, Utf8JsonWriter answer)
    {
        var (nonce, ciphertext) = (question.Bytes("nonce"), question.Bytes("ciphertext"));
        if (nonce.Length != AeadCipher.NonceSize) throw new FormatException($"the nonce is not {AeadCipher.NonceSize} bytes");
        if (ciphertext.Length < AeadCipher.TagSize) throw new FormatException("the ciphertext is shorter than its tag");
        using var cipher = CryptoProviders.Aead.Create(question.Bytes("key"), AeadDirection.Open);
        var plaintext = new byte[ciphertext.Length - AeadCipher.TagSize];
        if (!cipher.TryOpen(nonce, question.Bytes("aad"), ciphertext, plaintext)) throw new FormatException("the ciphertext is not authentic");
        answer.WriteHex("plaintext", plaintext);
    }

    public static void HkdfSha256(Question question, Utf8JsonWriter answer)
    {
        var output = new byte[question.Length("length")];
        Crypto.HkdfSha256.Derive(question.Bytes("salt"), question.Bytes("ikm"), question.Bytes("info"), output);
        answer.WriteHex("okm", output);
    }
}
