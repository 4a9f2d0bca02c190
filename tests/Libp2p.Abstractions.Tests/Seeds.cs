namespace Libp2p.Tests;

/// <summary>Ed25519 keys that are the same on every run.</summary>
internal static class Seeds
{
    public static PrivateKey Key(byte number)
    {
        var seed = new byte[32];
        seed.AsSpan().Fill(number);
        return PrivateKey.FromEd25519Seed(seed);
    }
}
