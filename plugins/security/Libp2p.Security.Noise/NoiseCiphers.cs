namespace Libp2p.Security.Noise;

/// <summary>The ciphers of a finished handshake, one each way. Disposing forgets the keys.</summary>
internal sealed class NoiseCiphers(NoiseCipher sending, NoiseCipher receiving) : IDisposable
{
    public NoiseCipher Sending { get; } = sending;

    public NoiseCipher Receiving { get; } = receiving;

    public void Dispose()
    {
        Sending.Dispose();
        Receiving.Dispose();
    }
}
