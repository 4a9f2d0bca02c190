using System.Globalization;

namespace Libp2p.Endurance.Soak;

/// <summary>
/// Two processes, a node each, that converse for as long as asked. Every conversation ends as it should; neither process grows; at the end, with the last connection closed, both count nothing open.
/// </summary>
/// <param name="seed">Decides which conversations there are.</param>
/// <param name="every">Time between samples.</param>
/// <param name="say">Is told a line a sample, and the verdict.</param>
internal sealed class SoakCampaign(int seed, TimeSpan every, Action<string> say)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it.</summary>
    /// <param name="duration">Most time.</param>
    /// <param name="most">Most conversations.</param>
    /// <param name="cancellationToken">Ends it early; the verdict is of what was until then.</param>
    /// <returns>Whether all holds.</returns>
    /// <exception cref="EnduranceException">A process went away or stands still.</exception>
    public async Task<bool> RunAsync(TimeSpan duration, long most, CancellationToken cancellationToken)
    {
        var (listener, first) = await SoakProcess.StartAsync("listener").ConfigureAwait(false);
        await using var ofListener = listener.ConfigureAwait(false);
        var (dialer, _) = await SoakProcess.StartAsync("dialer", first.Address!, $"{seed}", $"{most}").ConfigureAwait(false);
        await using var ofDialer = dialer.ConfigureAwait(false);
        var (samples, ofOther) = (new List<Sample>(), new List<Sample>());
        var end = DateTime.UtcNow + duration;
        SoakAnswer last;
        say($"{"",10}{"conversations",15}   {"heap, resident MiB; threads, descriptors, open:",-50} dialer, listener");
        do
        {
            await Task.Delay(every, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            last = await dialer.AskAsync(SoakNode.SampleWord).ConfigureAwait(false);
            samples.Add(last.Sample!);
            ofOther.Add((await listener.AskAsync(SoakNode.SampleWord).ConfigureAwait(false)).Sample!);
            say(string.Create(CultureInfo.InvariantCulture, $"{samples[^1].Seconds,8:0} s{samples[^1].Conversations,15:N0}   {Line(samples[^1])}   {Line(ofOther[^1])}"));
        }
        while (!last.IsDone && last.Failed is null && DateTime.UtcNow < end && !cancellationToken.IsCancellationRequested);

        last = await dialer.AskAsync(SoakNode.EndWord).ConfigureAwait(false);
        say($"conversations: {last.Talks}");
        var holds = Judge(last.Failed is null, last.Failed is null ? "every conversation ended as it should" : $"A CONVERSATION FAILED: {last.Failed}");
        holds &= await IdleAsync("dialer", dialer).ConfigureAwait(false);
        holds &= await IdleAsync("listener", listener).ConfigureAwait(false);
        if (samples.Count < Growth.LeastSamples)
        {
            say($"too short to judge growth by: that takes {Growth.LeastSamples} samples");
        }
        else
        {
            foreach (var (line, flat) in (IEnumerable<(string, bool)>)[.. Growth.Judge("dialer", samples), .. Growth.Judge("listener", ofOther)])
            {
                holds &= Judge(flat, line);
            }
        }

        await dialer.StopAsync().ConfigureAwait(false);
        await listener.StopAsync().ConfigureAwait(false);
        return holds;
    }

    // The remote takes note of an end a little after this side has.
    private async Task<bool> IdleAsync(string who, SoakProcess process)
    {
        for (var start = DateTime.UtcNow; ;)
        {
            var sample = (await process.AskAsync(SoakNode.SampleWord).ConfigureAwait(false)).Sample!;
            if (sample.IsIdle || DateTime.UtcNow - start > Patience.Limit)
            {
                return Judge(sample.IsIdle, sample.IsIdle ? $"{who}: nothing is left open" : $"{who}: LEFT OPEN: {sample.Describe()}");
            }

            await Task.Delay(Glance).ConfigureAwait(false);
        }
    }

    private bool Judge(bool holds, string line)
    {
        say(line);
        return holds;
    }

    private static string Line(Sample sample) => string.Create(
        CultureInfo.InvariantCulture, $"{sample.Heap / 1048576.0,6:0.0} {sample.Resident / 1048576.0,6:0.0} {sample.Threads,4} {sample.Handles,5} {sample.Open.Values.Sum(),5}");
}
