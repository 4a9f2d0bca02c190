using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Libp2p.Security.Noise;

/// <content>
/// The wait of a read: one reusable source instead of an async method, whose state a read that waits would allocate (always in a debug build, and in others
/// where the builder's pool misses).
/// </content>
internal sealed partial class NoiseReader : IValueTaskSource<ReadResult>
{
    private readonly Action _resume;
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _receiving;
    private CancellationToken _cancellation;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _waiter.Reset();
        _cancellation = cancellationToken;
        try
        {
            return TryFinish(out var result) ? new ValueTask<ReadResult>(result) : Wait();
        }
        catch (Exception e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private ValueTask<ReadResult> Wait()
    {
        var task = new ValueTask<ReadResult>(this, _waiter.Version);
        Await();
        return task;
    }

    private void Resume()
    {
        ReadResult result;
        try
        {
            Receive(_receiving.GetResult());
            if (!TryFinish(out result))
            {
                Await();
                return;
            }
        }
        catch (Exception e)
        {
            _waiter.SetException(e);
            return;
        }

        _waiter.SetResult(result);
    }

    private void Await()
    {
        // A copy: the wire may answer, and the field change, before this call is over.
        var receiving = _receiving;
        receiving.UnsafeOnCompleted(_resume);
    }

    /// <summary>Reads the wire until there is something to show; false where the wire must be waited for.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "The field holds the awaiter of the one read under way; its result is taken once.")]
    private bool TryFinish(out ReadResult result)
    {
        while (!TryServe(out result))
        {
            if (TryOpenMore())
            {
                continue;
            }

            ReturnWire();
            _receiving = _wire.ReadAsync(_cancellation).ConfigureAwait(false).GetAwaiter();
            if (!_receiving.IsCompleted)
            {
                return false;
            }

            Receive(_receiving.GetResult());
        }

        return true;
    }
}
