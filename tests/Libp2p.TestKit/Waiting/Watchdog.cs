using System.Runtime.CompilerServices;

namespace Libp2p.TestKit;

/// <summary>Waits that end: a test that hangs says for what. The limit is no measure of speed, only the end of patience.</summary>
public static class Watchdog
{
    /// <summary>Lets time pass: real time, or in a simulation its own.</summary>
    internal static Task PauseAsync(TimeSpan time) => Simulation.Current?.Delay(time) ?? Task.Delay(time);

    /// <summary>How long a test waits for something that must happen: 30 s.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits for a task, not for ever.</summary>
    /// <exception cref="TimeoutException">It is still not done.</exception>
    public static async Task Within(this Task task, TimeSpan? patience = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        var limit = patience ?? Patience;
        if (await Task.WhenAny(task, PauseAsync(limit)).ConfigureAwait(false) != task) throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what}.");
        await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="Within(Task, TimeSpan?, string)"/>
    public static async Task<T> Within<T>(this Task<T> task, TimeSpan? patience = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await Within((Task)task, patience, what).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="Within(Task, TimeSpan?, string)"/>
    public static Task Within(this ValueTask task, TimeSpan? patience = null, [CallerArgumentExpression(nameof(task))] string what = "") =>
        Within(task.AsTask(), patience, what);

    /// <inheritdoc cref="Within(Task, TimeSpan?, string)"/>
    public static Task<T> Within<T>(this ValueTask<T> task, TimeSpan? patience = null, [CallerArgumentExpression(nameof(task))] string what = "") =>
        Within(task.AsTask(), patience, what);

    /// <summary>Waits until a token is cancelled, not for ever.</summary>
    public static async Task Within(this CancellationToken token, TimeSpan? patience = null, [CallerArgumentExpression(nameof(token))] string what = "")
    {
        var cancelled = new ScheduledCompletion<bool>(Simulation.CurrentScheduler);
        using var registration = token.Register(static state => ((ScheduledCompletion<bool>)state!).TrySetResult(true), cancelled);
        await ((Task)cancelled.Task).Within(patience, what).ConfigureAwait(false);
    }

    /// <summary>Looks again and again until a condition holds, where nothing can be awaited.</summary>
    /// <exception cref="TimeoutException">It still does not hold.</exception>
    public static async Task Eventually(Func<bool> condition, TimeSpan? patience = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var limit = patience ?? Patience;
        var time = Simulation.Current?.Time ?? TimeProvider.System;
        var start = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(start) > limit) throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what}.");
            await PauseAsync(TimeSpan.FromMilliseconds(2)).ConfigureAwait(false);
        }
    }
}
