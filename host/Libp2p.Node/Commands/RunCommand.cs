using System.CommandLine;
using System.Net.Sockets;
using Libp2p.Hosting;
using Libp2p.Node.Control;
using Libp2p.Node.Control.Verbs;
using Libp2p.Node.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
        // The parser must have this task in its hands before a signal can come, else it takes the node for one that does not heed it and exits with 143.
        await Task.Yield();
        try
        {
            using var folder = DataFolderLock.Take(settings.DataFolder);
            using var host = NodeComposition.Serving(settings, listen);
            using var traffic = new Traffic();
            var node = host.Services.GetRequiredService<Libp2pNode>();
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            var stop = host.Services.GetRequiredService<IHostApplicationLifetime>();
            var running = new RunningNode(node, settings, traffic, TimeProvider.System, TimeProvider.System.GetUtcNow(), stop.StopApplication);
            await using var control = OpenControl(folder, running, host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Libp2p.Node.Control"));
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var events = node.Node.Events(watching.Token);
            Banner.Print(node, settings, Console.Out);
            var watcher = EventLines.PrintAsync(events, settings, Console.Out);
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

    /// <summary>A node whose socket cannot be bound (its path is too long for the system) still runs.</summary>
    private static ControlServer? OpenControl(DataFolderLock folder, RunningNode running, ILogger log)
    {
        try
        {
            var verbs = new ControlVerbs(new StatusVerb(running), new PeersVerb(running), new StopVerb(running));
            return new ControlServer(ControlAddress.Listen(folder), verbs, running.Time, log);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.ControlNotOpened(e is ArgumentException ? "its path is too long for the system." : e.Message);
            return null;
        }
    }
}
