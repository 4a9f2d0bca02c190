using System.CommandLine;

namespace Libp2p.Endurance.Soak;

/// <summary><c>soak</c>: two nodes that converse, for hours.</summary>
internal static class SoakCommand
{
    /// <summary>The command that this program starts itself with.</summary>
    public const string NodeName = "soak-node";

    public static Command Create()
    {
        var minutes = new Option<double>("--time") { Description = "Most minutes.", DefaultValueFactory = _ => 60, HelpName = "MINUTES" };
        var conversations = new Option<long>("--conversations", "-n") { Description = "Most conversations.", DefaultValueFactory = _ => long.MaxValue, HelpName = "N" };
        var every = new Option<double>("--every") { Description = "Seconds between samples.", DefaultValueFactory = _ => 10, HelpName = "SECONDS" };
        var seed = new Option<int>("--seed") { Description = "Of the conversations; by default the clock's.", DefaultValueFactory = _ => Environment.TickCount & 0xffffff, HelpName = "N" };
        var command = new Command("soak", "Let two nodes converse, and watch that they do not grow.") { minutes, conversations, every, seed };
        command.SetAction(async (result, cancellationToken) =>
        {
            var soak = new SoakCampaign(result.GetValue(seed), TimeSpan.FromSeconds(result.GetValue(every)), Console.Out.WriteLine);
            try
            {
                return await soak.RunAsync(TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(conversations), cancellationToken).ConfigureAwait(false) ? 0 : 1;
            }
            catch (Exception e) when (e is EnduranceException or TimeoutException or IOException)
            {
                Console.WriteLine($"FAILED, seed {result.GetValue(seed)}: {e}");
                return 1;
            }
        });
        return command;
    }

    public static Command Node()
    {
        var remote = new Argument<string?>("remote") { Arity = ArgumentArity.ZeroOrOne };
        var seed = new Argument<int>("seed") { Arity = ArgumentArity.ZeroOrOne };
        var most = new Argument<long>("most") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(NodeName) { remote, seed, most };
        command.Hidden = true;
        command.SetAction((result, _) => SoakNode.RunAsync(result.GetValue(remote), result.GetValue(seed), result.GetValue(most)));
        return command;
    }
}
