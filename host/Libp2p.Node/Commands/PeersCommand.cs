using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p peers</c>: what the node that runs on the data folder knows of others.</summary>
internal static class PeersCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("peers", "Show the peers that the running node knows.");
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return ControlCommand.RunAsync(settings, async (node, cancel) =>
            {
                var answer = await node.AskAsync("peers", cancel).ConfigureAwait(false);
                if (settings.Json)
                {
                    JsonLine.WriteAnswer(Console.Out, "peers", answer);
                    return;
                }

                PeerLines.Write(Console.Out, answer, TimeProvider.System.GetUtcNow());
            }, cancellationToken);
        });
        return command;
    }
}
