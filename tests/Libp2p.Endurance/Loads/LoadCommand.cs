using System.CommandLine;

namespace Libp2p.Endurance.Loads;

/// <summary><c>load</c>: how much one node carries, and what an honest peer notices of a crowd.</summary>
internal static class LoadCommand
{
    /// <summary>The command that this program starts itself with.</summary>
    public const string NodeName = "load-node";

    public static Command Create()
    {
        var connections = Number("--connections", "Authenticated connections to one node, open at once; no more than the descriptors of a process allow.", 10_000);
        var streams = Number("--streams", "Streams open at once.", 100_000);
        var churn = Number("--churn", "Streams opened and closed on one connection.", 1_000_000);
        var silent = Number("--silent", "Sockets from one address that say nothing.", 5_000);
        var slow = Number("--slow", "Readers that ask for data and do not read it.", 1_000);
        var seconds = new Option<double>("--time") { Description = "Seconds for which an honest peer pings beside each crowd.", DefaultValueFactory = _ => 10, HelpName = "SECONDS" };
        var chart = new Option<FileInfo?>("--chart") { Description = "Where to draw the figures, as SVG.", HelpName = "FILE" };
        var command = new Command("load", "Measure what one node carries, and an honest peer's pings beside crowds.") { connections, streams, churn, silent, slow, seconds, chart };
        command.SetAction(async (result, cancellationToken) =>
        {
            var size = new LoadSize(
                result.GetValue(connections), result.GetValue(streams), result.GetValue(churn), result.GetValue(silent), result.GetValue(slow), TimeSpan.FromSeconds(result.GetValue(seconds)));
            try
            {
                var report = await new LoadCampaign(size, Console.Out.WriteLine).RunAsync().ConfigureAwait(false);
                if (result.GetValue(chart) is { } file) await File.WriteAllTextAsync(file.FullName, LoadChart.Draw(report), cancellationToken).ConfigureAwait(false);
                return report.Holds ? 0 : 1;
            }
            catch (Exception e) when (e is EnduranceException or TimeoutException or IOException or Libp2pException)
            {
                Console.WriteLine($"FAILED: {e}");
                return 1;
            }
        });
        return command;
    }

    public static Command Node()
    {
        var remote = new Argument<string?>("remote") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(NodeName) { remote };
        command.Hidden = true;
        command.SetAction((result, _) => LoadNode.RunAsync(result.GetValue(remote)));
        return command;
    }

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
}

/// <summary>How much of everything.</summary>
internal sealed record LoadSize(int Connections, int Streams, int Churn, int Silent, int Slow, TimeSpan Time);
