using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// A task that somebody completes from outside; whoever awaits it goes on by the scheduler, never within the call that completes it. Thread-safe. It takes the place of a
/// <see cref="TaskCompletionSource{TResult}"/>, whose continuations can only leave for the thread pool.
/// </summary>
/// <remarks>
/// On the thread pool's scheduler the task is completed at once and its continuations are queued one by one. On any other the task itself is completed by the scheduler:
/// until then <see cref="IsCompleted"/> is ahead of it, and continuations of one task run after one another.
/// </remarks>
/// <param name="scheduler">Where those who wait go on: <see cref="NodeRuntime.Scheduler"/>.</param>
public sealed class ScheduledCompletion<T>(PipeScheduler scheduler)
{
    private readonly TaskCompletionSource<T> _source = new(IsPool(scheduler) ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
    private int _claimed;

    /// <summary>What others await.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>Whether its end has been decided; true from the call that did on.</summary>
    public bool IsCompleted => Volatile.Read(ref _claimed) != 0;

    /// <summary>Completes the task; false where somebody has before.</summary>
    public bool TrySetResult(T result)
    {
        if (!TryClaim()) return false;
        if (IsPool(scheduler)) return _source.TrySetResult(result);
        scheduler.Schedule(static state =>
        {
            var (source, result) = (ValueTuple<TaskCompletionSource<T>, T>)state!;
            source.TrySetResult(result);
        }, (_source, result));
        return true;
    }

    /// <summary>Fails the task; false where somebody has completed it before. It is no unobserved exception where nobody awaits the task.</summary>
    public bool TrySetException(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (!TryClaim()) return false;
        if (IsPool(scheduler))
        {
            Fail(_source, cause);
            return true;
        }

        scheduler.Schedule(static state =>
        {
            var (source, cause) = (ValueTuple<TaskCompletionSource<T>, Exception>)state!;
            Fail(source, cause);
        }, (_source, cause));
        return true;
    }

    /// <summary>Cancels the task; false where somebody has completed it before.</summary>
    public bool TrySetCanceled(CancellationToken cancellationToken = default)
    {
        if (!TryClaim()) return false;
        if (IsPool(scheduler)) return _source.TrySetCanceled(cancellationToken);
        scheduler.Schedule(static state =>
        {
            var (source, token) = (ValueTuple<TaskCompletionSource<T>, CancellationToken>)state!;
            source.TrySetCanceled(token);
        }, (_source, cancellationToken));
        return true;
    }

    private static void Fail(TaskCompletionSource<T> source, Exception cause)
    {
        source.TrySetException(cause);
        _ = source.Task.Exception;
    }

    private static bool IsPool(PipeScheduler scheduler) => scheduler == PipeScheduler.ThreadPool || scheduler == ThreadPoolScheduler.Instance;

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
