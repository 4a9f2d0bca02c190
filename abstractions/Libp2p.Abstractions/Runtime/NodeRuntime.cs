using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// What the swarm hands to every plugin: time, randomness, continuations and sockets come only from here, so that a run can be simulated and replayed.
/// </summary>
public sealed class NodeRuntime
{
    /// <summary>The clock and its timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Random bytes and numbers.</summary>
    public RandomSource Random { get; init; } = RandomSource.System;

    /// <summary>Where continuations of other parties (a handler waiting for data) are run. Default: the thread pool.</summary>
    public PipeScheduler Scheduler { get; init; } = ThreadPoolScheduler.Instance;

    /// <summary>Sockets, interfaces and name resolution.</summary>
    public required INetwork Network { get; init; }

    /// <summary>Waits by the node's clock and goes on by its scheduler, also where it is given up; <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/> then goes to the thread pool.</summary>
    /// <param name="time">How long; negative is an error, <see cref="Timeout.InfiniteTimeSpan"/> waits until it is given up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async Task DelayAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time == TimeSpan.Zero) return;
        var over = new ScheduledCompletion<bool>(Scheduler);
        await using var timer = Time.CreateTimer(static state => ((ScheduledCompletion<bool>)state!).TrySetResult(true), over, time, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await using var abandoned = cancellationToken.UnsafeRegister(static (state, token) => ((ScheduledCompletion<bool>)state!).TrySetCanceled(token), over).ConfigureAwait(false);
        await over.Task.ConfigureAwait(false);
    }
}

/// <summary>A source of random bytes; the system's is cryptographic, a simulation's is seeded. Thread-safe.</summary>
public abstract class RandomSource
{
    /// <summary>The operating system's cryptographic source.</summary>
    public static RandomSource System { get; } = new SystemRandomSource();

    /// <summary>Fills a buffer.</summary>
    public abstract void Fill(Span<byte> buffer);

    /// <summary>A number from 0 to below the bound (at least 1), evenly spread.</summary>
    public virtual int Next(int exclusiveBound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveBound, 1);
        Span<byte> bytes = stackalloc byte[4];
        var limit = uint.MaxValue - (uint.MaxValue % (uint)exclusiveBound);
        uint value;
        do
        {
            Fill(bytes);
            value = BitConverter.ToUInt32(bytes);
        }
        while (value >= limit);
        return (int)(value % (uint)exclusiveBound);
    }

    private sealed class SystemRandomSource : RandomSource
    {
        public override void Fill(Span<byte> buffer) => global::System.Security.Cryptography.RandomNumberGenerator.Fill(buffer);
    }
}
