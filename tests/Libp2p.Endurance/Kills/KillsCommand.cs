using System.CommandLine;

namespace Libp2p.Endurance.Kills;

/// <summary><c>kills</c>: kills a node, again and again.</summary>
internal static class KillsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count", "-n") { Description = "How many times.", DefaultValueFactory = _ => 200, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Of moments and of what is done meanwhile; by default the clock's.", DefaultValueFactory = _ => Environment.TickCount & int.MaxValue, HelpName = "N" };
        var command = new Command("kills", "Kill the program at random moments, and look at what it left.") { count, seed };
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = Directory.CreateTempSubdirectory("libp2p-kills-").FullName;
            var kills = new KillsCampaign(folder, result.GetValue(seed), samePort: true, Console.Out.WriteLine);
            try
            {
                await using (kills.ConfigureAwait(false))
                {
                    var kinds = Enum.GetValues<KillMoment>();
                    for (var i = 0; i < result.GetValue(count) && !cancellationToken.IsCancellationRequested; i++)
                    {
                        await kills.KillAsync(kinds[i % kinds.Length]).ConfigureAwait(false);
                    }

                    await kills.EndAsync().ConfigureAwait(false);
                }

                Console.WriteLine(kills.Summary);
                Directory.Delete(folder, recursive: true);
                return 0;
            }
            catch (Exception e) when (e is EnduranceException or ShouldAssertException or InvalidOperationException)
            {
                Console.WriteLine($"FAILED at kill {kills.Count} of seed {result.GetValue(seed)}: {e}\nThe folder is left: {folder}");
                return 1;
            }
        });
        return command;
    }
}
