using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Libp2p.Node.Control;
using Libp2p.Node.Control.Verbs;
using Libp2p.Node.Output;
using Libp2p.Node.View;
using Microsoft.Extensions.DependencyInjection;
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
        var plain = new Option<bool>("--plain") { Description = "Print lines, also where a live view could be shown." };
        var roundTrips = new Option<double>("--rtt")
        {
            Description = "Seconds between two pings by which the live view knows round trips; 0: no pings.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 5,
        };
        root.Options.Add(listen);
        root.Options.Add(plain);
        root.Options.Add(roundTrips);
        root.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return RunAsync(settings, result.GetValue(listen) ?? [], Display(settings, result.GetValue(plain), result.GetValue(roundTrips)), cancellationToken);
        });
    }

    private static async Task<int> RunAsync(Settings settings, string[] listen, IRunDisplay display, CancellationToken cancellationToken)
    {
        using var shown = display;

        // The parser must have this task in its hands before a signal can come, else it takes the node for one that does not heed it and exits with 143.
        await Task.Yield();
        try
        {
            using var folder = DataFolderLock.Take(settings.DataFolder);
            await using var host = NodeComposition.Serving(settings, listen, display.Configure);
            using var traffic = new Traffic();
            var node = host.Node;
            await node.StartAsync(cancellationToken).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Stop(signal, stop));
            var running = new RunningNode(node, settings, traffic, TimeProvider.System, TimeProvider.System.GetUtcNow(), stop.Cancel);
            await using var control = OpenControl(folder, running, host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Libp2p.Node.Control"));
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var events = node.Node.Events(watching.Token);
            var showing = display.ShowAsync(running, events, stop.Token, watching.Token);
            await CanceledAsync(stop.Token).ConfigureAwait(false);
            await host.StopAsync().ConfigureAwait(false);
            await watching.CancelAsync().ConfigureAwait(false);
            await showing.ConfigureAwait(false);
            display.Stopped(running);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            display.Dispose();
            return Failure.Report(e, settings, Console.Out, Console.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static async Task CanceledAsync(CancellationToken cancellationToken)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), canceled).ConfigureAwait(false);
        await canceled.Task.ConfigureAwait(false);
    }

    private static IRunDisplay Display(Settings settings, bool plain, double secondsBetweenPings)
    {
        if (plain || settings.Json || Terminal.Current() is not { } terminal || !terminal.Shows(settings, plain)) return new LineDisplay(settings, Console.Out);
        var interval = secondsBetweenPings > 0 ? TimeSpan.FromSeconds(Math.Clamp(secondsBetweenPings, 1, 3600)) : TimeSpan.Zero;
        return new LiveDisplay(settings, interval, terminal.ErrorsRedirected, TimeProvider.System);
    }

    /// <summary>A node whose socket cannot be bound (its path is too long for the system) still runs.</summary>
    private static ControlServer? OpenControl(DataFolderLock folder, RunningNode running, ILogger log)
    {
        try
        {
            var verbs = new ControlVerbs(new StatusVerb(running), new PeersVerb(running), new LimitsVerb(running), new StopVerb(running));
            return new ControlServer(ControlAddress.Listen(folder), verbs, running.Time, log);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.ControlNotOpened(e is ArgumentException ? "its path is too long for the system." : e.Message);
            return null;
        }
    }
}
