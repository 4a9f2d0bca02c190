namespace Libp2p.TestKit;

/// <summary>Something beside the test: on the thread pool, or, in a simulation, when its turn comes.</summary>
internal static class Concurrently
{
    /// <summary>A large number of bytes: an eighth of them in a simulation, which is run many times.</summary>
    public static int Large(int length) => Simulation.Current is null ? length : length / 8;

    public static Task Run(Action action) => Run(() =>
    {
        action();
        return Task.FromResult(true);
    });

    public static Task Run(Func<Task> action) => Run(async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    });

    public static Task<T> Run<T>(Func<Task<T>> action)
    {
        return Simulation.Current is { } simulation ? InTurnAsync(simulation) : Task.Run(action);

        async Task<T> InTurnAsync(Simulation here)
        {
            await here.Scheduler.Yield();
            return await action().ConfigureAwait(false);
        }
    }
}
