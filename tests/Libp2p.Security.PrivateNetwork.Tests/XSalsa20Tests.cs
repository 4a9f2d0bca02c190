using System.Security.Cryptography;
using System.Text.Json;

namespace Libp2p.Security.PrivateNetwork.Tests;

public sealed class XSalsa20Tests
{
    private static readonly JsonElement[] Vectors = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "pnet", "xsalsa20.json"))).RootElement.EnumerateArray()];

    [Fact]
    public void The_first_bytes_of_the_stream_are_those_of_libsodium() => Stream(0, 32).ShouldBe(Bytes(0, "keystream_first_32"));

    [Fact]
    public void A_message_is_encrypted_as_by_libsodium()
    {
        var message = Bytes(1, "plaintext");
        Make(1).Apply(message);
        message[32..].ShouldBe(Bytes(1, "ciphertext_from_byte_32"));
    }

    [Fact]
    public void Four_MiB_of_the_stream_are_those_of_libsodium() =>
        Convert.ToHexStringLower(SHA256.HashData(Stream(2, 4 * 1024 * 1024))).ShouldBe(Vectors[2].GetProperty("sha256").GetString());

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(513)]
    [InlineData(4001)]
    public void Pieces_make_the_same_stream(int piece)
    {
        var bytes = new byte[20_000];
        var cipher = Make(2);
        for (var at = 0; at < bytes.Length; at += piece) cipher.Apply(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        bytes.ShouldBe(Stream(2, bytes.Length));
    }

    [Fact]
    public void The_counter_carries_into_its_upper_half()
    {
        Span<uint> state = stackalloc uint[16];
        Salsa20.Load(state, Bytes(0, "key"), Bytes(0, "nonce").AsSpan(0, 8));
        var together = new byte[64 * Salsa20.Lanes];
        var (before, after) = (new byte[together.Length], new byte[together.Length]);
        Salsa20.Blocks(state, uint.MaxValue - 3UL, together);
        Salsa20.Blocks(state, uint.MaxValue - 11UL, before);
        Salsa20.Blocks(state, 1UL << 32, after);
        together.AsSpan(64 * 4).SequenceEqual(after.AsSpan(0, 64 * 4)).ShouldBeTrue();
        before.AsSpan().IndexOf(together.AsSpan(0, 64)).ShouldBe(-1);
    }

    private static byte[] Stream(int vector, int length)
    {
        var bytes = new byte[length];
        Make(vector).Apply(bytes);
        return bytes;
    }

    private static XSalsa20 Make(int vector) => new(Bytes(vector, "key"), Bytes(vector, "nonce"));

    private static byte[] Bytes(int vector, string name) => Convert.FromHexString(Vectors[vector].GetProperty(name).GetString()!);
}
