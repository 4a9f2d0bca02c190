using System.CommandLine;
using System.Text.Json;
using Libp2p.Node.Control;
using Libp2p.Node.Output;
using Libp2p.Node.View;
using Spectre.Console;

namespace Libp2p.Node.Commands.Limits;

/// <summary><c>libp2p limits</c>: what the node that runs on the data folder may use and uses, and what it refused.</summary>
internal static class LimitsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("limits", "Show what the running node may use and uses, who uses most, and what it refused.");
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing them: on the terminal, or with --json as a line a second." };
        command.Options.Add(watch);
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return ControlCommand.RunAsync(settings, (node, cancel) => result.GetValue(watch) ? WatchAsync(node, settings, cancel) : ShowAsync(node, settings, cancel), cancellationToken);
        });
        return command;
    }

    private static async Task ShowAsync(ControlClient node, Settings settings, CancellationToken cancellationToken)
    {
        var limits = await node.AskAsync("limits", cancellationToken).ConfigureAwait(false);
        if (settings.Json)
        {
            JsonLine.WriteAnswer(Console.Out, "limits", limits);
            return;
        }

        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected) console.Profile.Width = 1000;
        console.Write(LimitsTable.Of(limits, Blocks));
    }

    private static async Task WatchAsync(ControlClient node, Settings settings, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LiveView.LongestInterval, TimeProvider.System);
        if (settings.Json)
        {
            do
            {
                JsonLine.WriteAnswer(Console.Out, "limits", await node.AskAsync("limits", cancellationToken).ConfigureAwait(false));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
            return;
        }

        if (!Terminal.Current().Shows(settings, plain: false)) throw new CommandException("There is no terminal that could go on showing them.", "add --json for a line a second, or leave --watch out.");
        await AnsiConsole.Live(Text.Empty).StartAsync(async live =>
        {
            do
            {
                JsonElement limits = await node.AskAsync("limits", cancellationToken).ConfigureAwait(false);
                live.UpdateTarget(LimitsTable.Of(limits, Blocks));
                live.Refresh();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private static bool Blocks => Console.OutputEncoding.WebName.StartsWith("utf", StringComparison.Ordinal);
}
