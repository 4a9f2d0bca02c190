using System.IO.Pipelines;

namespace Libp2p.Security.Tls;

/// <summary>
/// Keeps the closing message apart from decryption: <see cref="System.Net.Security.SslStream"/> guards encryption and decryption against each other, but not its shutdown, and OpenSSL's connections
/// are not thread-safe. The reader enters while records are decrypted, never while it waits for the wire; what closes runs when nobody is inside. Safe from any thread.
/// </summary>
/// <param name="scheduler">Where whoever waits for the closing goes on.</param>
internal sealed class TlsTurn(PipeScheduler scheduler)
{
    private const int Free = 0;
    private const int Reading = 1;
    private const int ReadingThenClosing = 2;
    private const int Closing = 3;

    private ScheduledCompletion<bool>? _closed;
    private Action? _close;
    private int _state;

    /// <summary>The reader is about to decrypt. Waits out a closing under way, which is short and waits for nothing.</summary>
    public void Enter()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _state, Reading, Free) != Free)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>The reader is done, or about to wait; what was to close meanwhile runs here.</summary>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Reading) == ReadingThenClosing)
        {
            Volatile.Write(ref _state, Closing);
            _close!();
            Volatile.Write(ref _state, Free);
            _closed!.TrySetResult(true);
        }
    }

    /// <summary>Runs once, at once or when the reader leaves.</summary>
    /// <param name="close">Must not throw.</param>
    public ValueTask CloseAsync(Action close)
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _state, Closing, Free) == Free)
            {
                close();
                Volatile.Write(ref _state, Free);
                return ValueTask.CompletedTask;
            }

            var closed = new ScheduledCompletion<bool>(scheduler);
            (_close, _closed) = (close, closed);
            if (Interlocked.CompareExchange(ref _state, ReadingThenClosing, Reading) == Reading)
            {
                return new ValueTask(closed.Task);
            }
        }
    }
}
