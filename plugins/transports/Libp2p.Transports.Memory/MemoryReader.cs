using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Libp2p.Transports.Memory;

/// <summary>The input of a connection. One reader at a time; <see cref="CancelPendingRead"/> and <see cref="Complete"/> also while a read waits, from any thread.</summary>
internal sealed class MemoryReader(MemoryPipe pipe, MemoryConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private CancellationTokenRegistration _registration;

    public override bool TryRead(out ReadResult result) => pipe.TryRead(out result) && Noticed(result);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        short version;
        try
        {
            if (pipe.TryReadOrWait(out var result, out version))
            {
                Noticed(result);
                return ValueTask.FromResult(result);
            }
        }
        catch (TransportException e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }

        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((MemoryPipe)state!).CancelRead(token), pipe);
        return new ValueTask<ReadResult>(this, version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (pipe.Advance(consumed, examined, out var kept))
        {
            connection.GiveUpUnread(kept);
        }
    }

    public override void CancelPendingRead() => pipe.CancelRead();

    public override void Complete(Exception? exception = null) => pipe.CompleteReader();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        var result = pipe.EndRead(token);
        Noticed(result);
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => pipe.Reading.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        pipe.Reading.OnCompleted(continuation, state, token, flags, pipe.ReaderScheduler);

    private bool Noticed(ReadResult result)
    {
        if (result.IsCompleted)
        {
            connection.InputEnded();
        }

        return true;
    }
}
