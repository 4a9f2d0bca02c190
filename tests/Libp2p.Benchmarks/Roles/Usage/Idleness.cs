using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>Memory of things that were made and then do nothing.</summary>
internal static class Idleness
{
    public const string ServerResident = "resident";
    public const string ServerManaged = "managed";
    public const string DialerResident = "dialer-resident";
    public const string DialerManaged = "dialer-managed";

    /// <summary>Done before anything is counted: code is compiled, pools are filled.</summary>
    public const int WarmUp = 500;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Bytes each, at both sides.</summary>
    public static async Task<Sample> MeasureAsync<T>(UsageClient usage, int concurrency, int count, Func<int, Task<T>> make)
    {
        var kept = new T[WarmUp + count];
        await Repetition.WarmUpAsync(concurrency, WarmUp, KeepAsync(kept, 0)).ConfigureAwait(false);
        var before = await SampleAsync().ConfigureAwait(false);
        await Repetition.WarmUpAsync(concurrency, count, KeepAsync(kept, WarmUp)).ConfigureAwait(false);
        var after = await SampleAsync().ConfigureAwait(false);
        GC.KeepAlive(kept);
        return new Sample
        {
            [ServerResident] = (after.Server - before.Server).Resident / (double)count,
            [ServerManaged] = (after.Server - before.Server).Managed / (double)count,
            [DialerResident] = (after.Dialer - before.Dialer).Resident / (double)count,
            [DialerManaged] = (after.Dialer - before.Dialer).Managed / (double)count,
        };

        Func<int, Task> KeepAsync(T[] all, int from)
        {
            var next = from - 1;
            return async maker =>
            {
                var made = await make(maker).ConfigureAwait(false);
                all[Interlocked.Increment(ref next)] = made;
            };
        }

        async Task<(Footprint Dialer, Footprint Server)> SampleAsync()
        {
            await Task.Delay(Settling).ConfigureAwait(false);
            return (Footprint.Now, usage.ServerFootprint());
        }
    }
}
