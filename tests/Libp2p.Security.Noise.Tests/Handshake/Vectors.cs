using System.Text.Json;

namespace Libp2p.Security.Noise.Tests.Handshake;

/// <summary>The cacophony vector of libp2p's pattern and suite (tests/vectors/noise).</summary>
internal sealed class Vectors
{
    public static Vectors Xx { get; } = Load();

    public required byte[] InitPrologue { get; init; }

    public required byte[] InitStatic { get; init; }

    public required byte[] InitEphemeral { get; init; }

    public required byte[] RespPrologue { get; init; }

    public required byte[] RespStatic { get; init; }

    public required byte[] RespEphemeral { get; init; }

    public required byte[] Hash { get; init; }

    public required (byte[] Payload, byte[] Ciphertext)[] Messages { get; init; }

    private static Vectors Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "vectors", "noise", "cacophony.XX_25519_ChaChaPoly_SHA256.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var vector = document.RootElement.GetProperty("vectors")[0];
        byte[] Hex(JsonElement of, string name) => Convert.FromHexString(of.GetProperty(name).GetString()!);
        return new Vectors
        {
            InitPrologue = Hex(vector, "init_prologue"),
            InitStatic = Hex(vector, "init_static"),
            InitEphemeral = Hex(vector, "init_ephemeral"),
            RespPrologue = Hex(vector, "resp_prologue"),
            RespStatic = Hex(vector, "resp_static"),
            RespEphemeral = Hex(vector, "resp_ephemeral"),
            Hash = Hex(vector, "handshake_hash"),
            Messages = [.. vector.GetProperty("messages").EnumerateArray().Select(message => (Hex(message, "payload"), Hex(message, "ciphertext")))],
        };
    }
}
