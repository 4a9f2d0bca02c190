using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// So many places, taken in the order of asking; whoever had to wait goes on by the scheduler, never within <see cref="Release"/> or the call that cancels. Thread-safe.
/// With one place it is a lock that can be held across an await; it is not re-entrant. Holds nothing that must be disposed.
/// </summary>
/// <param name="places">How many; at least 1.</param>
/// <param name="scheduler">Where those who wait go on: <see cref="NodeRuntime.Scheduler"/>.</param>
public sealed class ScheduledSemaphore(int places, PipeScheduler scheduler)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ScheduledCompletion<bool>> _waiting = new(); // guarded by _gate
    private int _free = places >= 1 ? places : throw new ArgumentOutOfRangeException(nameof(places)); // guarded by _gate

    /// <summary>Takes a place, or waits for one. Each that was taken is given back by one <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">Given up before there was a place.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        LinkedListNode<ScheduledCompletion<bool>> waiter;
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return default;
            }

            waiter = _waiting.AddLast(new ScheduledCompletion<bool>(scheduler));
        }

        return new ValueTask(cancellationToken.CanBeCanceled ? WaitAsync(waiter, cancellationToken) : waiter.Value.Task);
    }

    /// <summary>Gives a place back: to whoever has waited longest, if anybody.</summary>
    public void Release()
    {
        ScheduledCompletion<bool> next;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
            {
                if (_free == places) throw new SemaphoreFullException();
                _free++;
                return;
            }

            // Off the list the place is its own: a cancellation that comes now comes too late.
            _waiting.Remove(first);
            next = first.Value;
        }

        next.TrySetResult(true);
    }

    private async Task WaitAsync(LinkedListNode<ScheduledCompletion<bool>> waiter, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, token), null))
        {
            await waiter.Value.Task.ConfigureAwait(false);
        }
    }

    private void GiveUp(LinkedListNode<ScheduledCompletion<bool>> waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (waiter.List is null) return;
            _waiting.Remove(waiter);
        }

        waiter.Value.TrySetCanceled(cancellationToken);
    }
}
