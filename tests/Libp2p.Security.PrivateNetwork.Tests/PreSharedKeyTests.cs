using System.Text;
using System.Text.Json;

namespace Libp2p.Security.PrivateNetwork.Tests;

public sealed class PreSharedKeyTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "pnet", "swarm_keys.json"))).RootElement;

    [Fact]
    public void Valid_files_are_read()
    {
        foreach (var vector in Vectors.GetProperty("valid").EnumerateArray())
        {
            var key = PreSharedKey.Parse(Encoding.ASCII.GetBytes(vector.GetProperty("text").GetString()!));
            Convert.ToHexStringLower(key.Bytes).ShouldBe(vector.GetProperty("key_hex").GetString());
            if (vector.TryGetProperty("fingerprint", out var fingerprint)) key.Fingerprint().ShouldBeOneOf(fingerprint.GetString(), null);
        }
    }

    [Fact]
    public void Invalid_files_are_refused()
    {
        foreach (var vector in Vectors.GetProperty("invalid").EnumerateArray())
        {
            Should.Throw<FormatException>(() => PreSharedKey.Parse(Encoding.ASCII.GetBytes(vector.GetString()!)), vector.GetString());
        }
    }

    [Fact]
    public void A_key_may_be_its_bytes_and_every_truncation_is_refused()
    {
        byte[] file = [.. "/key/swarm/psk/1.0.0/\n/bin/\n"u8, .. Enumerable.Range(1, 32).Select(static i => (byte)i)];
        PreSharedKey.Parse(file).Bytes.ToArray().ShouldBe(file[^32..]);
        for (var length = 0; length < file.Length; length++) Should.Throw<FormatException>(() => PreSharedKey.Parse(file.AsSpan(0, length)));
        Should.Throw<FormatException>(() => PreSharedKey.Parse([.. file, 0]));
    }

    [Fact]
    public void A_refusal_does_not_tell_the_key()
    {
        var secret = new string('z', 64);
        Should.Throw<FormatException>(() => PreSharedKey.Parse(Encoding.ASCII.GetBytes($"/key/swarm/psk/1.0.0/\n/base16/\n{secret}"))).ToString().ShouldNotContain(secret);
    }
}
