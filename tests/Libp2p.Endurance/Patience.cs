namespace Libp2p.Endurance;

/// <summary>Waits that end: what stands still for so long is a defect, on the slowest machine.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <exception cref="EnduranceException">It is still not done.</exception>
    public static async Task<T> For<T>(this Task<T> task, Func<string> what)
    {
        try
        {
            return await task.WaitAsync(Limit).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new EnduranceException($"Nothing moved for {Limit.TotalSeconds:0} s: {what()}", e);
        }
    }

    /// <inheritdoc cref="For{T}"/>
    public static async Task For(this Task task, Func<string> what) =>
        await For(task.ContinueWith(static task => task, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default), what).Unwrap().ConfigureAwait(false);
}
