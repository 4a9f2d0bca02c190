namespace Libp2p.Swarm.Runtime;

/// <summary>Tasks that several await: of those who await one directly, the runtime resumes all but one on the thread pool, whatever completed it.</summary>
internal static class SharedTask
{
    /// <summary>Awaits a task beside others; goes on where it was completed.</summary>
    public static async Task JoinAsync(Task task, CancellationToken cancellationToken = default)
    {
        var ended = await Task.WhenAny(task).WaitAsync(cancellationToken).ConfigureAwait(false);
        await ended.ConfigureAwait(false);
    }
}
