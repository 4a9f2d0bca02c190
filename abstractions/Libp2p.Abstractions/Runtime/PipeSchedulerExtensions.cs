using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Libp2p;

/// <summary>Hops.</summary>
public static class PipeSchedulerExtensions
{
    /// <summary>
    /// Awaited, goes on by the scheduler, behind what is queued there: off the caller's stack and locks, as <see cref="Task.Yield"/> does on the thread pool alone.
    /// </summary>
    public static SchedulerYield Yield(this PipeScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new SchedulerYield(scheduler);
    }
}

/// <summary>What <see cref="PipeSchedulerExtensions.Yield"/> returns, to be awaited at once.</summary>
public readonly struct SchedulerYield : ICriticalNotifyCompletion, IEquatable<SchedulerYield>
{
    private readonly PipeScheduler _scheduler;

    internal SchedulerYield(PipeScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Always false: there is always a hop.</summary>
    public bool IsCompleted => false;

    /// <summary>Itself.</summary>
    public SchedulerYield GetAwaiter() => this;

    /// <summary>Nothing to get.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation)
    {
        if (ExecutionContext.Capture() is not { } context) UnsafeOnCompleted(continuation);
        else _scheduler.Schedule(_ => ExecutionContext.Run(context, static action => ((Action)action!)(), continuation), null);
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _scheduler.Schedule(static action => ((Action)action!)(), continuation);

    /// <inheritdoc/>
    public bool Equals(SchedulerYield other) => _scheduler == other._scheduler;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SchedulerYield other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _scheduler.GetHashCode();

    /// <summary>Equality.</summary>
    public static bool operator ==(SchedulerYield left, SchedulerYield right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(SchedulerYield left, SchedulerYield right) => !left.Equals(right);
}
