using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// Keys of one handshake each. One is kept ready, made after the last was taken: it costs more than an agreement, and a handshake that finds an idle processor need not
/// wait for it. Thread-safe.
/// </summary>
internal sealed class NoiseEphemeralKeys(X25519Provider provider) : IDisposable
{
    private X25519PrivateKey? _ready;
    private int _making; // 1 while one is being made
    private volatile bool _disposed;

    /// <summary>Whether the next need not be waited for. A snapshot.</summary>
    public bool HasOneReady => Volatile.Read(ref _ready) is not null && Volatile.Read(ref _making) == 0;

    /// <summary>A key that nobody had before; the caller owns it.</summary>
    public X25519PrivateKey Take(NodeRuntime runtime)
    {
        var key = Interlocked.Exchange(ref _ready, null) ?? NoiseStaticKey.NewKey(provider, runtime.Random);
        if (Interlocked.Exchange(ref _making, 1) == 0)
        {
            runtime.Scheduler.Schedule(static work => ((Preparation)work!).Run(), new Preparation(this, runtime.Random));
        }

        return key;
    }

    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _ready, null)?.Dispose();
    }

    private void Prepare(RandomSource random)
    {
        if (Volatile.Read(ref _ready) is null && !_disposed)
        {
            Interlocked.Exchange(ref _ready, NoiseStaticKey.NewKey(provider, random))?.Dispose();
            if (_disposed)
            {
                Dispose();
            }
        }

        Volatile.Write(ref _making, 0);
    }

    private sealed class Preparation(NoiseEphemeralKeys keys, RandomSource random)
    {
        public void Run() => keys.Prepare(random);
    }
}
