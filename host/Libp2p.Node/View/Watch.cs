using System.Text.Json;
using Libp2p.Hosting;
using Libp2p.Node.Control;
using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>The live view of a node that runs in another process, by what it answers to <c>status</c>: without round trips, and with what changed for events.</summary>
internal static class Watch
{
    /// <summary>Watches until cancelled, or <c>q</c>; with <c>--json</c> every answer is a line.</summary>
    /// <exception cref="CommandException">There is no terminal, or the node went.</exception>
    public static Task RunAsync(ControlClient node, Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Json) return PrintAsync(node, time, cancellationToken);
        if (Terminal.Current().Shows(settings, plain: false)) return ShowAsync(node, settings, time, cancellationToken);
        throw new CommandException("There is no terminal that could show a live view.", "add --json for a line a second, or leave --watch out.");
    }

    private static async Task PrintAsync(ControlClient node, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LiveView.LongestInterval, time);
        do
        {
            JsonLine.WriteAnswer(Console.Out, "status", await node.AskAsync("status", cancellationToken).ConfigureAwait(false));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private static async Task ShowAsync(ControlClient node, Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        ControlClient? again = null;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminal = new ViewTerminal();
        var state = new ViewState(Facts(await node.AskAsync("status", cancellationToken).ConfigureAwait(false)), time);
        var events = new ViewEvents(time);
        var changes = new ConnectionChanges(events);
        var view = new LiveView(SnapshotAsync, state, events, terminal.Screen, Terminal.Size, time)
        {
            Keys = !Console.IsInputRedirected,
            QuitKey = "leave",
            Quit = until.Cancel,
            RoundTrips = false,
        };
        try
        {
            await terminal.ShowAsync(view, until.Token).ConfigureAwait(false);
        }
        finally
        {
            if (again is not null) await again.DisposeAsync().ConfigureAwait(false);
        }

        async ValueTask<NodeSnapshot> SnapshotAsync(CancellationToken cancel)
        {
            var snapshot = NodeSnapshot.Of(await AskAsync(cancel).ConfigureAwait(false));
            changes.Tell(snapshot.Connections);
            return snapshot;
        }

        async ValueTask<JsonElement> AskAsync(CancellationToken cancel)
        {
            try
            {
                return await (again ?? node).AskAsync("status", cancel).ConfigureAwait(false);
            }
            catch (CommandException)
            {
                // A node drops who is silent for long, as a view is that was suspended.
                if (again is not null) await again.DisposeAsync().ConfigureAwait(false);
                again = null;
                again = await ControlClient.ConnectAsync(settings.DataFolder, cancel).ConfigureAwait(false);
                return await again.AskAsync("status", cancel).ConfigureAwait(false);
            }
        }
    }

    private static NodeFacts Facts(JsonElement status) => new(
        status.GetProperty("peerId").GetString()!,
        status.TryGetProperty("version", out var version) ? version.GetString()! : "",
        Banner.Self,
        status.GetProperty("startedAt").GetDateTimeOffset())
    {
        Plugins = [.. status.GetProperty("plugins").EnumerateArray().Select(plugin => new PluginReport
        {
            Name = plugin.GetProperty("name").GetString()!,
            State = plugin.GetProperty("state").GetString() switch { "active" => PluginState.Active, "disabled" => PluginState.Disabled, _ => PluginState.LeftOut },
        })],
    };
}
