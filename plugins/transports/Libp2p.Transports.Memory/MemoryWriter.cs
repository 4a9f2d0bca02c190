using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Libp2p.Transports.Memory;

/// <summary>
/// The output of a connection: what is written gathers in pooled blocks, which a flush hands to the reader as they are. One writer at a time;
/// <see cref="CancelPendingFlush"/> from any thread.
/// </summary>
/// <remarks>A flush that is cancelled has handed its bytes over: only its wait for the reader ends.</remarks>
internal sealed class MemoryWriter(MemoryPipe pipe, MemoryConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private CancellationTokenRegistration _registration;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => pipe.Unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.Room(sizeHint).FreeMemory;

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.Room(sizeHint).FreeMemory.Span;

    public override void Advance(int bytes) => pipe.AdvanceWriter(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            pipe.CheckWriter();
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        short version;
        try
        {
            if (pipe.FlushOrWait(out var result, out version))
            {
                return ValueTask.FromResult(result);
            }
        }
        catch (TransportException e)
        {
            return ValueTask.FromException<FlushResult>(e);
        }

        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((MemoryPipe)state!).CancelFlush(token), pipe);
        return new ValueTask<FlushResult>(this, version);
    }

    public override void CancelPendingFlush() => pipe.CancelFlush();

    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
        {
            // An end would read like all of it.
            connection.Abort(exception);
        }

        pipe.CompleteWriter();
        connection.OutputEnded();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        return pipe.EndFlush(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => pipe.Flushing.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        pipe.Flushing.OnCompleted(continuation, state, token, flags, pipe.WriterScheduler);
}
