using System.Security.Cryptography;
using System.Text;
using Libp2p.Hosting;
using Libp2p.TestKit;

namespace Libp2p.Fuzz.Targets;

/// <summary>PKCS#8: refused with the one error, or a whole key that is written again and read as itself.</summary>
internal sealed class Pkcs8Target() : FuzzTarget("pkcs8")
{
    public override int MaxLength => 2000;

    public override IEnumerable<byte[]> Seeds => KeySamples.All.Select(static key => key.ToPkcs8());

    public override void Run(ReadOnlySpan<byte> input)
    {
        PrivateKey key;
        try
        {
            key = PrivateKey.FromPkcs8(input);
        }
        catch (KeyFormatException)
        {
            return;
        }

        KeySamples.CheckWhole(key, static key => PrivateKey.FromPkcs8(key.ToPkcs8()));
    }
}

/// <summary>PKCS#8 under a password. What asks for many iterations is refused here, for the time that takes.</summary>
internal sealed class EncryptedKeyTarget() : FuzzTarget("pkcs8-encrypted")
{
    private const int MaxIterations = 200;
    private const string Password = "correct-horse";

    public override int MaxLength => 2000;

    /// <summary>Keys of the public vectors, whose 5,000 iterations become 136: they decrypt to something else then, which costs a stranger no less.</summary>
    public override IEnumerable<byte[]> Seeds => KeySamples.Encrypted.Select(static der => Fewer(der));

    public override void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var plain = EncryptedPrivateKeyInfo.Open(input, Password, MaxIterations);
            Property.Holds(plain.Length <= input.Length, "longer than what it was encrypted to");
            PrivateKey.FromPkcs8(plain).Dispose();
        }
        catch (KeyFormatException)
        {
        }
    }

    private static byte[] Fewer(byte[] der)
    {
        byte[] iterations = [2, 2, 0x13, 0x88];
        var fewer = der.ToArray();
        fewer[fewer.AsSpan().IndexOf(iterations) + 2] = 0;
        return fewer;
    }
}

/// <summary>SubjectPublicKeyInfo: one spelling a key.</summary>
internal sealed class PublicKeyInfoTarget() : FuzzTarget("public-key-info")
{
    public override int MaxLength => 1500;

    public override IEnumerable<byte[]> Seeds => KeySamples.All.Select(static key => key.PublicKey.ToSubjectPublicKeyInfo());

    public override void Run(ReadOnlySpan<byte> input)
    {
        PublicKey key;
        try
        {
            key = PublicKey.FromSubjectPublicKeyInfo(input);
        }
        catch (KeyFormatException)
        {
            return;
        }

        // A secp256k1 point may be compressed, and is written as other tools do.
        if (key.Type != KeyType.Secp256k1) Property.Same(key.ToSubjectPublicKeyInfo(), input, "written otherwise than it was read");
        Property.Holds(PublicKey.FromSubjectPublicKeyInfo(key.ToSubjectPublicKeyInfo()) == key, "another key on the second reading");
    }
}

/// <summary>PEM: any text is a key or refused with the one error.</summary>
internal sealed class PemTarget() : FuzzTarget("pem")
{
    public override IEnumerable<byte[]> Seeds =>
        [.. KeySamples.All.Select(static key => Encoding.ASCII.GetBytes(key.ToPem())), .. KeySamples.All.Select(static key => Encoding.ASCII.GetBytes(key.PublicKey.ToPem()))];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [.. new[] { "-----BEGIN ", "-----END ", "EC PRIVATE KEY-----", "RSA PRIVATE KEY-----", "\n" }.Select(Encoding.ASCII.GetBytes)];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        try
        {
            PrivateKey.FromPem(text).Dispose();
        }
        catch (KeyFormatException)
        {
        }

        try
        {
            var key = PublicKey.FromPem(text);
            Property.Holds(PublicKey.FromPem(key.ToPem()) == key, "another key on the second reading");
        }
        catch (KeyFormatException)
        {
        }
    }
}

/// <summary>Files of a keychain: what is public of them, before any password.</summary>
internal sealed class KeychainFileTarget() : FuzzTarget("keychain-file")
{
    // In the shape of a file; whether it decrypts is nobody's question here.
    private static readonly byte[] Genuine =
    [
        .. "libp2p-key-1\n"u8, 0, 0, 0x27, 0x10, .. new byte[28], (byte)KeyType.Ed25519, (byte)TestIdentity.Dialer.PeerId.Bytes.Length, .. TestIdentity.Dialer.PeerId.Bytes, .. new byte[64],
    ];

    public override int MaxLength => 1000;

    public override IEnumerable<byte[]> Seeds => [Genuine];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!SealedKey.TryParse(input.ToArray(), out var key)) return;
        Property.Same(key.ToBytes(), input, "not the bytes that were read");
        Property.Holds(key.EntryOf("x").PeerId.Bytes.Length > 0, "nobody's");
    }
}

/// <summary>Keys of each type, the same in every run: those of the public vectors.</summary>
internal static class KeySamples
{
    public static IReadOnlyList<PrivateKey> Short { get; } = [Load("ed25519"), Load("ec-secp256k1"), Load("ec-P-256"), Load("ec-P-521")];

    public static IReadOnlyList<PrivateKey> All { get; } = [.. Short, Load("rsa")];

    public static IReadOnlyList<byte[]> Encrypted { get; } = [.. new[] { "ed25519", "ec-secp256k1", "ec-P-256" }.Select(static name => Decode(Read(name + ".encrypted")))];

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "openssl-keys", name + ".pem"));

    private static byte[] Decode(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    private static PrivateKey Load(string name) => PrivateKey.FromPem(Read(name));

    /// <summary>That a key which was read is one: it signs, and is the same when written and read again. Disposes it.</summary>
    public static void CheckWhole(PrivateKey key, Func<PrivateKey, PrivateKey> again)
    {
        using (key)
        {
            using var second = again(key);
            Property.Holds(second.PublicKey == key.PublicKey, "another key on the second reading");
            Property.Holds(key.PublicKey.Verify("this"u8, second.Sign("this"u8)), "its signature is not its own");
        }
    }
}
