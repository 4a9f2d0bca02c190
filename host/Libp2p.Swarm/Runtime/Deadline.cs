namespace Libp2p.Swarm.Runtime;

/// <summary>Something that may wait in a <see cref="DeadlineQueue"/>; in one at a time.</summary>
internal abstract class Deadline
{
    // Guarded by the queue's lock.
    internal Deadline? PreviousDeadline;
    internal Deadline? NextDeadline;
    internal DeadlineQueue? Queue;
    internal long DueTimestamp;

    /// <summary>The time is up: called once, outside the lock, on the timer's thread; returns at once.</summary>
    protected internal abstract void OnDeadline();
}
