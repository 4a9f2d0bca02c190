using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Node.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Libp2p.Node.Commands;

/// <summary>The command without a name: runs a node until SIGINT or SIGTERM.</summary>
internal static class RunCommand
{
    public static void Configure(RootCommand root, CommonOptions common)
    {
        var listen = new Option<string[]>("--listen")
        {
            Description = "A multiaddr to listen on, as /ip4/0.0.0.0/tcp/4001. Repeatable. Default: every interface, a free port.",
            HelpName = "MULTIADDR",
            DefaultValueFactory = _ => [],
        };
        root.Options.Add(listen);
        root.SetAction((result, cancellationToken) => RunAsync(common.Read(result), result.GetValue(listen) ?? [], cancellationToken));
    }

    private static async Task<int> RunAsync(Settings settings, string[] listen, CancellationToken cancellationToken)
    {
        try
        {
            using var host = NodeComposition.Serving(settings, listen);
            var node = host.Services.GetRequiredService<Libp2pNode>();
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            Banner.Print(node, settings, Console.Out);
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watcher = EventLines.PrintAsync(node.Node, settings, Console.Out, watching.Token);
            await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            await watching.CancelAsync().ConfigureAwait(false);
            await watcher.ConfigureAwait(false);
            if (settings.Json) JsonLine.Write(Console.Out, json => json.WriteString("event", "stopped"));
            else Console.WriteLine("stopped");
            return ExitCode.Success;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failure.Report(e, settings, Console.Out, Console.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }
}
