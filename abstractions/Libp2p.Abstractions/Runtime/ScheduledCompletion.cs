using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// A task that somebody completes from outside; whoever awaits it goes on by the scheduler, never within the call that completes it. Thread-safe. It takes the place of a
/// <see cref="TaskCompletionSource{TResult}"/>, whose continuations can only leave for the thread pool.
/// </summary>
/// <remarks>
/// On the thread pool's scheduler it is such a source. On any other each look at <see cref="Task"/> before the end gives a task of its own, completed by a hop of its own: of a task
/// that several await, all but one would be resumed on the thread pool.
/// </remarks>
public sealed class ScheduledCompletion<T>
{
    private readonly PipeScheduler _scheduler;
    private readonly TaskCompletionSource<T> _source; // on the pool what everybody awaits, else the end for who looks later
    private readonly Lock? _gate; // null on the pool
    private readonly List<TaskCompletionSource<T>>? _waiting; // guarded by _gate; null on the pool
    private int _claimed;

    /// <summary>Not completed.</summary>
    /// <param name="scheduler">Where those who wait go on: <see cref="NodeRuntime.Scheduler"/>.</param>
    public ScheduledCompletion(PipeScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var isPool = scheduler == PipeScheduler.ThreadPool || scheduler == ThreadPoolScheduler.Instance;
        _scheduler = scheduler;
        _source = new TaskCompletionSource<T>(isPool ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        _gate = isPool ? null : new Lock();
        _waiting = isPool ? null : [];
    }

    /// <summary>What one who waits awaits: each takes it anew.</summary>
    public Task<T> Task
    {
        get
        {
            if (_gate is null) return _source.Task;
            lock (_gate)
            {
                if (_source.Task.IsCompleted) return _source.Task;
                var own = new TaskCompletionSource<T>();
                _waiting!.Add(own);
                return own.Task;
            }
        }
    }

    /// <summary>Whether its end has been decided.</summary>
    public bool IsCompleted => Volatile.Read(ref _claimed) != 0;

    /// <summary>Completes the task; false where somebody has before.</summary>
    public bool TrySetResult(T result)
    {
        if (!TryClaim()) return false;
        End(source => source.TrySetResult(result));
        return true;
    }

    /// <summary>Fails the task; false where somebody has completed it before. It is no unobserved exception where nobody awaits the task.</summary>
    public bool TrySetException(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (!TryClaim()) return false;
        End(source =>
        {
            source.TrySetException(cause);
            _ = source.Task.Exception;
        });
        return true;
    }

    /// <summary>Cancels the task; false where somebody has completed it before.</summary>
    public bool TrySetCanceled(CancellationToken cancellationToken = default)
    {
        if (!TryClaim()) return false;
        End(source => source.TrySetCanceled(cancellationToken));
        return true;
    }

    private void End(Action<TaskCompletionSource<T>> complete)
    {
        if (_gate is null)
        {
            complete(_source);
            return;
        }

        TaskCompletionSource<T>[] waiting;
        lock (_gate)
        {
            // Nobody awaits this one yet: who looks from now on finds it completed.
            complete(_source);
            waiting = [.. _waiting!];
            _waiting!.Clear();
        }

        foreach (var own in waiting) _scheduler.Schedule(_ => complete(own), null);
    }

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
