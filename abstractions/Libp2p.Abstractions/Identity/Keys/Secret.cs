using System.Security.Cryptography;

namespace Libp2p;

/// <summary>
/// Secret bytes in memory that the collector does not move, so that zeroing leaves no copy. Owned by one key. Thread-safe: many may use them at once; disposing zeroes
/// them as soon as the last of those is done.
/// </summary>
internal sealed class Secret : IDisposable
{
    private const int Disposed = 1;
    private const int OneUser = 2;

    private readonly byte[] _bytes;
    private int _state; // users times two, plus one once disposed; interlocked

    public Secret(ReadOnlySpan<byte> bytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(_bytes);
    }

    ~Secret() => CryptographicOperations.ZeroMemory(_bytes);

    public delegate TResult Reader<TState, TResult>(ReadOnlySpan<byte> secret, TState state)
        where TState : allows ref struct;

    /// <summary>The array itself, for tests that watch it being zeroed.</summary>
    internal byte[] Storage => _bytes;

    /// <summary>Lends the bytes for the time of the call.</summary>
    /// <exception cref="ObjectDisposedException">They are zeroed.</exception>
    public TResult Use<TState, TResult>(TState state, Reader<TState, TResult> reader)
        where TState : allows ref struct
    {
        Enter();
        try
        {
            return reader(_bytes, state);
        }
        finally
        {
            if (Interlocked.Add(ref _state, -OneUser) == Disposed) CryptographicOperations.ZeroMemory(_bytes);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Or(ref _state, Disposed) is 0) CryptographicOperations.ZeroMemory(_bytes);
        GC.SuppressFinalize(this);
    }

    private void Enter()
    {
        var seen = Volatile.Read(ref _state);
        while (true)
        {
            ObjectDisposedException.ThrowIf((seen & Disposed) != 0, typeof(PrivateKey));
            var now = Interlocked.CompareExchange(ref _state, seen + OneUser, seen);
            if (now == seen) return;
            seen = now;
        }
    }
}
