using System.Globalization;

namespace Libp2p.Node.Commands.Inspect.Formats;

/// <summary>Keys in their protobuf form. Of private ones nothing is shown that is secret.</summary>
internal static class KeyParts
{
    public static Inspection Inspect(PublicKey key) => new("public-key", key.PeerId.ToString(), key.Protobuf, Of(key.Protobuf), Notes(key));

    public static Inspection Inspect(PrivateKey key) =>
        new("private-key", key.PublicKey.PeerId.ToString(), default, [], [.. Notes(key.PublicKey), "It is a private key: whoever has it is that peer. Nothing secret of it is shown."]);

    public static IReadOnlyList<Part> Of(ReadOnlyMemory<byte> protobuf, int offset = 0)
    {
        List<Part> parts = [];
        var reader = new PartReader(protobuf, offset);
        while (reader.TryTakeField(out var number, out var scalar, out var content, out var field))
        {
            parts.Add(number switch
            {
                1 => field with { Name = "type", Value = ((KeyType)(int)scalar).ToString() },
                2 => field with { Name = "data", Value = string.Create(CultureInfo.InvariantCulture, $"{content.Length} bytes") },
                _ => field with { Name = "unknown field" },
            });
        }

        parts.AddRange(reader.TakeUnknown());
        return parts;
    }

    private static IReadOnlyList<string> Notes(PublicKey key) => [$"{Kind(key)}, of the peer {key.PeerId}.", $"In other tools' form: {key.ToPem().ReplaceLineEndings(" ")}"];

    private static string Kind(PublicKey key) => key.Type switch
    {
        KeyType.Ed25519 => "Ed25519, 32 bytes",
        KeyType.Secp256k1 => "secp256k1, a point of 33 bytes",
        KeyType.Ecdsa => key.Data.Length switch { < 100 => "ECDSA over P-256", < 140 => "ECDSA over P-384", _ => "ECDSA over P-521" },
        _ => string.Create(CultureInfo.InvariantCulture, $"RSA, {RsaBits(key)} bits"),
    };

    private static int RsaBits(PublicKey key)
    {
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.Data.Span, out _);
        return rsa.KeySize;
    }
}
