using Shouldly;

namespace Libp2p.TestKit;

/// <summary>Notices that nothing happens any more. A test uses it where a mistake would be more progress, so that a slow machine can hide a mistake but never invent one.</summary>
internal static class Quiet
{
    /// <summary>Waits until a count has stood still for a while, or the task that moves it is done.</summary>
    public static async Task UntilAsync(Func<long> count, Task moving)
    {
        for (var (still, last) = (0, -1L); still < 15 && !moving.IsCompleted;)
        {
            await Watchdog.PauseAsync(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
            var now = count();
            still = now == last ? still + 1 : 0;
            last = now;
        }
    }

    /// <summary>Fails when a task is done that should wait, with its own error if it has one.</summary>
    public static async Task StillWaitsAsync(Task task, string why = "it should wait")
    {
        if (!task.IsCompleted) return;
        await task.ConfigureAwait(false);
        throw new ShouldAssertException(why);
    }
}

/// <summary>Ends that are in order whichever way they come.</summary>
internal static class Ended
{
    /// <summary>Waits for a task that may succeed, or fail as libp2p does.</summary>
    public static async Task AsExpectedAsync(Task task, TimeSpan patience)
    {
        try
        {
            await task.Within(patience).ConfigureAwait(false);
        }
        catch (Libp2pException)
        {
        }
    }
}
