using System.CommandLine;

namespace Libp2p.Endurance.StoreKills;

/// <summary><c>store-kills</c>: kills a process that writes, again and again.</summary>
internal static class StoreKillsCommand
{
    /// <summary>The command that this program starts itself with.</summary>
    public const string WriterName = "store-writer";

    public static Command Create()
    {
        var count = new Option<int>("--count", "-n") { Description = "How many times.", DefaultValueFactory = _ => 200, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Of the moments; by default the clock's.", DefaultValueFactory = _ => Environment.TickCount & int.MaxValue, HelpName = "N" };
        var command = new Command("store-kills", "Kill a process that writes to its datastore and peerstore, and look for all that was acknowledged.") { count, seed };
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = Directory.CreateTempSubdirectory("libp2p-store-kills-").FullName;
            var kills = new StoreKillsCampaign(folder, result.GetValue(seed), Console.Out.WriteLine);
            try
            {
                for (var i = 0; i < result.GetValue(count) && !cancellationToken.IsCancellationRequested; i++) await kills.KillAsync().ConfigureAwait(false);
                await kills.EndAsync().ConfigureAwait(false);
                Console.WriteLine(kills.Summary);
                Directory.Delete(folder, recursive: true);
                return 0;
            }
            catch (Exception e) when (e is EnduranceException or ShouldAssertException or DatastoreException or InvalidOperationException)
            {
                Console.WriteLine($"FAILED at kill {kills.Count} of seed {result.GetValue(seed)}: {e}\nThe folder is left: {folder}");
                return 1;
            }
        });
        return command;
    }

    public static Command Writer()
    {
        var folder = new Argument<string>("folder");
        var round = new Argument<int>("round");
        var command = new Command(WriterName) { folder, round };
        command.Hidden = true;
        command.SetAction((result, _) => StoreWriter.RunAsync(result.GetRequiredValue(folder), result.GetValue(round)));
        return command;
    }
}
