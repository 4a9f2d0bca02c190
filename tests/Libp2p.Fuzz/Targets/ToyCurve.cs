using Libp2p.Crypto;

namespace Libp2p.Fuzz.Targets;

/// <summary>
/// Stands for X25519, which would be nine tenths of a handshake: a public key is the private one, a secret the sum of two, byte by byte. Both sides agree, and some keys have a secret that is
/// all zero; a handshake asks no more of a curve. The real ones have vectors of their own.
/// </summary>
internal sealed class ToyCurve : X25519Provider
{
    public static ToyCurve Instance { get; } = new();

    public override string Name => "toy";

    public override string Origin => "this file";

    public override bool IsSupported => true;

    public override X25519PrivateKey Import(ReadOnlySpan<byte> privateKey) => new Key(privateKey.ToArray());

    private sealed class Key(byte[] key) : X25519PrivateKey(key)
    {
        private protected override bool TryAgreeCore(ReadOnlySpan<byte> publicKey, Span<byte> secret)
        {
            for (var i = 0; i < secret.Length; i++)
            {
                secret[i] = (byte)(PublicKey[i] + publicKey[i]);
            }

            return true;
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
