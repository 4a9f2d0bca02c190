using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Libp2p.Datastores.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Endurance.StoreKills;

/// <summary>
/// A process that writes to its node's datastore and peerstore, killed by SIGKILL at any moment. What it had acknowledged is there, batches are whole, the file opens as it is. The seed decides moments;
/// nothing that is asserted depends on them.
/// </summary>
/// <param name="folder">Empty; the data folder.</param>
/// <param name="seed">Decides.</param>
/// <param name="say">Is told a line a kill.</param>
internal sealed class StoreKillsCampaign(string folder, int seed, Action<string> say)
{
    private static readonly string Program =
        Path.Combine(typeof(StoreKillsCampaign).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EnduranceFolder").Value!, "Libp2p.Endurance.dll");

    private readonly Random _random = new(seed);
    private readonly long[] _acknowledged = new long[Enum.GetValues<StoreAck>().Length];

    public int Count { get; private set; }

    public string Summary => $"{Count} kills; acknowledged, and all there: {string.Join(", ", Enum.GetValues<StoreAck>().Select(what => $"{_acknowledged[(int)what]} {what}"))}";

    /// <summary>Kills once, and looks.</summary>
    /// <exception cref="EnduranceException">Something that must hold does not.</exception>
    public async Task KillAsync()
    {
        var round = Count++;
        var last = await WriteAndKillAsync(round).ConfigureAwait(false);
        var node = await StoreNode.StartAsync(folder).ConfigureAwait(false);
        await using (node.ConfigureAwait(false))
        {
            await StoreVerdict.CheckAsync(node, round, last).ConfigureAwait(false);

            // The file is used on, and need not become as long as the campaign.
            await node.Store.ClearAsync(StoreWork.Place(round)).ConfigureAwait(false);
            foreach (var peer in node.Peers.Peers) node.Peers.Remove(peer);
            await node.Store.PutAsync($"/rounds/{round}", default).ConfigureAwait(false);
            await node.Peers.FlushAsync().ConfigureAwait(false);
        }

        for (var what = 0; what < last.Length; what++) _acknowledged[what] += last[what];
        say(string.Create(CultureInfo.InvariantCulture, $"{Count,5}  {string.Join(", ", Enum.GetValues<StoreAck>().Select(what => $"{last[(int)what]} {what}"))}"));
    }

    /// <summary>Looks for what each round left.</summary>
    public async Task EndAsync()
    {
        var node = await StoreNode.StartAsync(folder).ConfigureAwait(false);
        await using (node.ConfigureAwait(false))
        {
            for (var round = 0; round < Count; round++) (await node.Store.HasAsync($"/rounds/{round}").ConfigureAwait(false)).ShouldBeTrue($"round {round} has left no trace");
            node.Peers.Peers.ShouldBeEmpty();
        }
    }

    /// <summary>The last number of each kind that was acknowledged.</summary>
    private async Task<int[]> WriteAndKillAsync(int round)
    {
        var last = new int[_acknowledged.Length];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, StoreKillsCommand.WriterName, folder, $"{round}"]) { RedirectStandardOutput = true })!;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                // The last line may have been cut by the kill: then nobody has been told.
                if (line.Split(' ') is not [var name, var number] || !Enum.TryParse<StoreAck>(name, out var what) || !int.TryParse(number, out var n)) continue;
                last[(int)what] = Math.Max(last[(int)what], n);
                first.TrySetResult();
            }

            first.TrySetResult();
        });

        // One of five dies somewhere in its start, the others while they write.
        if (_random.Next(5) == 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5) * _random.NextDouble()).ConfigureAwait(false);
        }
        else
        {
            await first.Task.For(() => "the writer acknowledges nothing").ConfigureAwait(false);
            if (round % 10 == 1 && !process.HasExited) RefusesAnother();
            await Task.Delay(TimeSpan.FromMilliseconds(400) * _random.NextDouble()).ConfigureAwait(false);
        }

        process.Kill();
        await process.WaitForExitAsync().For(() => "the writer outlives its kill").ConfigureAwait(false);
        await reading.For(() => "the writer's output does not end").ConfigureAwait(false);
        return last;
    }

    /// <summary>A second process, this one, does not get the file while the first lives.</summary>
    private void RefusesAnother() =>
        Should.Throw<DatastoreInUseException>(() => SqliteDatastore.Open(
            Path.Combine(folder, SqlitePlugin.DefaultFile), new SqliteOptions(), new NodeRuntime { Network = new Swarm.SystemNetwork() }, NullLogger.Instance));
}
