using Libp2p.Hosting;
using Spectre.Console;

namespace Libp2p.Node.Output;

/// <summary>What a node prints once it listens.</summary>
internal static class Banner
{
    public static void Print(Libp2pNode node, Settings settings, TextWriter output)
    {
        var addresses = node.Node.ListenAddresses.Select(a => $"{a}/p2p/{node.Node.PeerId}").ToList();
        if (settings.Json)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString("event", "listening");
                json.WriteString("peerId", node.Node.PeerId.ToString());
                json.WriteStrings("addrs", addresses);
                PluginLines.WriteJson(json, node.Plugins);
                json.WriteString("data", settings.DataFolder);
                json.WriteNumber("pid", Environment.ProcessId);
            });
            return;
        }

        PrintText(node, addresses, settings, output);
    }

    // By itself, so that what prints text is loaded only where there is some.
    private static void PrintText(Libp2pNode node, List<string> addresses, Settings settings, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, 200);
        console.MarkupLineInterpolated($"[bold]peer id[/]    {node.Node.PeerId}");
        console.MarkupLine(addresses.Count > 0 ? "[bold]listening[/]" : "[bold]listening[/]  on no address");
        foreach (var address in addresses) console.MarkupLineInterpolated($"  {address}");
        console.MarkupLine("[bold]plugins[/]");
        PluginLines.Print(console, node.Plugins);
        console.MarkupLineInterpolated($"[bold]data[/]       {settings.DataFolder}");
        if (addresses.Count > 0)
        {
            console.WriteLine();
            console.WriteLine("Ping it from a second terminal:");
            console.MarkupLineInterpolated($"  [green]{Self} ping {addresses[0]}[/]");
        }

        console.WriteLine("Ctrl+C stops it.");
    }

    /// <summary>How this program is called: by <c>dotnet run</c> in a checkout, else by its name.</summary>
    public static string Self => AppContext.BaseDirectory.Contains(Path.Combine("artifacts", "bin", "Libp2p.Node"), StringComparison.Ordinal)
        ? "dotnet run --project host/Libp2p.Node --"
        : "libp2p";
}
