namespace Libp2p;

/// <summary>What holds for every private key that is read from outside.</summary>
internal static class KeyPair
{
    /// <summary>Refuses, and disposes, a private key whose public half does not verify what it signs.</summary>
    public static void Check(PrivateKey key)
    {
        if (key.PublicKey.Verify("libp2p"u8, key.Sign("libp2p"u8))) return;
        key.Dispose();
        throw new KeyFormatException("The private key carries a public key that is not its own.");
    }
}
