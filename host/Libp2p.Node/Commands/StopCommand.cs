using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p stop</c>: stops the node that runs on the data folder, and returns once it has gone.</summary>
internal static class StopCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("stop", "Stop the node that runs, and wait until it has gone.");
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return ControlCommand.RunAsync(settings, async (node, cancel) =>
            {
                var answer = await node.AskAsync("stop", cancel).ConfigureAwait(false);
                await node.WaitForEndAsync(cancel).ConfigureAwait(false);
                if (settings.Json) JsonLine.WriteAnswer(Console.Out, "stopped", answer);
                else Console.WriteLine("stopped");
            }, cancellationToken);
        });
        return command;
    }
}
