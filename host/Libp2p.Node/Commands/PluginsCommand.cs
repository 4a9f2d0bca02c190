using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p plugins</c>: what was found where, what was left out, and why.</summary>
internal static class PluginsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("plugins", "Show the plugins found and what became of them.");
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = common.Read(result);
            try
            {
                await using var host = NodeComposition.Dialing(settings);
                var node = host.Node;
                await using (node.ConfigureAwait(false))
                {
                    await node.ComposeAsync(cancellationToken).ConfigureAwait(false);
                    if (settings.Json)
                    {
                        JsonLine.Write(Console.Out, json =>
                        {
                            json.WriteString("event", "plugins");
                            PluginLines.WriteJson(json, node.Plugins, detailed: true);
                        });
                    }
                    else
                    {
                        if (Console.IsOutputRedirected) AnsiConsole.Console.Profile.Width = 4000;
                        PluginLines.Print(AnsiConsole.Console, node.Plugins, detailed: true);
                    }

                    return node.Plugins.Any(p => p.State == PluginState.LeftOut) ? ExitCode.Failure : ExitCode.Success;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return Failure.Report(e, settings, Console.Out, Console.Error);
            }
        });
        return command;
    }
}
