using System.CommandLine;
using System.Text.Json;
using Libp2p.Node.Output;
using Libp2p.Node.View;
using Spectre.Console;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p status</c>: the node that runs on the data folder, and its connections.</summary>
internal static class StatusCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("status", "Show the node that runs, and its connections.");
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing them: as a live view, or with --json as a line a second." };
        command.Options.Add(watch);
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return ControlCommand.RunAsync(settings, async (node, cancel) =>
            {
                if (result.GetValue(watch))
                {
                    await Watch.RunAsync(node, settings, TimeProvider.System, cancel).ConfigureAwait(false);
                    return;
                }

                var status = await node.AskAsync("status", cancel).ConfigureAwait(false);
                if (settings.Json) JsonLine.WriteAnswer(Console.Out, "status", status);
                else Print(status, AnsiConsole.Console);
            }, cancellationToken);
        });
        return command;
    }

    private static void Print(JsonElement status, IAnsiConsole console)
    {
        var active = status.GetProperty("plugins").EnumerateArray().Where(p => p.GetProperty("state").GetString() == "active").Select(p => p.GetProperty("name").GetString());
        if (Console.IsOutputRedirected) console.Profile.Width = 1000;
        console.WriteLine($"peer id    {status.GetProperty("peerId")}");
        console.WriteLine($"running    {TerminalText.Span(TimeSpan.FromSeconds(status.GetProperty("uptimeSeconds").GetDouble()))}, pid {status.GetProperty("pid")}");
        console.WriteLine($"data       {status.GetProperty("data")}");
        console.WriteLine($"plugins    {TerminalText.Clean(string.Join(", ", active), 1000)}");
        console.WriteLine($"bytes      {TerminalText.Bytes(status.GetProperty("sentBytes").GetDouble())} sent, {TerminalText.Bytes(status.GetProperty("receivedBytes").GetDouble())} received");
        console.WriteLine("listening");
        foreach (var address in status.GetProperty("addrs").EnumerateArray()) console.WriteLine($"  {address}");
        var connections = status.GetProperty("connections").EnumerateArray().Select(ConnectionRow.Of).ToList();
        console.WriteLine(connections.Count == 0 ? "no connections" : $"connections ({connections.Count})");
        if (connections.Count > 0) console.Write(new Rows(ConnectionTable.Lines(connections, console.Profile.Width, rates: false, roundTrips: false)));
    }
}
