using System.Globalization;
using Libp2p.Hosting;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.View;

/// <summary>Draws a model: never more lines than there are rows, none wider than there are columns. What has no room goes, the least telling first.</summary>
internal static partial class ViewRenderer
{
    /// <summary>How wide the names of the lines at the top are.</summary>
    private const int Label = 10;

    public static IReadOnlyList<Line> Draw(ViewModel model, int width, int height)
    {
        List<Line> top = [.. Header(model, width, height)];
        List<Line> middle = height >= 12 ? [.. Traffic(model, width)] : [];
        List<Line> bottom = height >= 5 ? [Keys(model)] : [];
        var room = Math.Max(0, height - top.Count - middle.Count - bottom.Count);
        var withEvents = room >= 8;
        // The title of the events, and some of them, whatever the number of connections.
        var forEvents = withEvents ? 1 + Math.Clamp(room / 4, 2, 8) : 0;
        top.AddRange(Connections(model, width, room - forEvents));
        List<Line> events = withEvents ? [.. Events(model, width, height - top.Count - middle.Count - bottom.Count)] : [];
        List<Line> lines = [.. top, .. middle, .. events];
        while (lines.Count < height - bottom.Count) lines.Add(Line.Empty);
        lines.AddRange(bottom);
        return [.. lines.Take(height).Select(line => line.CutTo(width))];
    }

    private static IEnumerable<Line> Header(ViewModel model, int width, int height)
    {
        var phase = model.Phase switch
        {
            ViewPhase.Paused => ("paused: what is shown stands still", Palette.Warning),
            ViewPhase.Stopping => ("stopping", Palette.Warning),
            _ => ("", Style.Plain),
        };
        var title = new Line().Add("libp2p", new Style(Color.Aqua, decoration: Decoration.Bold)).Add($" {model.Node.Version}", Palette.Quiet).Add($"  up {TerminalText.Span(model.Uptime)}");
        if (phase.Item1.Length > 0) title.FillTo(Math.Max(title.Cells + 2, width - phase.Item1.Length)).Add(phase.Item1, phase.Item2);
        yield return title;
        if (height >= 4) yield return Named("peer id").Add(Tail(model.Node.PeerId, width - Label), Palette.Title);
        if (height >= 16) yield return Listening(model.Addresses, width);
        if (height >= 14 && Ping(model, width - Label) is { } ping) yield return Named("ping it").Add(ping, Palette.Good);
        if (height >= 18) yield return Plugins(model.Node.Plugins, width);
    }

    private static Line Listening(IReadOnlyList<string> addresses, int width)
    {
        var line = Named("listening");
        if (addresses.Count == 0) return line.Add("on no address", Palette.Warning);
        for (var i = 0; i < addresses.Count; i++)
        {
            var more = $"  +{addresses.Count - i} more";
            var spare = i == addresses.Count - 1 ? 0 : more.Length;
            if (i > 0 && line.Cells + 2 + addresses[i].Length + spare > width) return line.Add(more, Palette.Quiet);
            line.Add(i == 0 ? "" : "  ").Add(addresses[i]);
        }

        return line;
    }

    /// <summary>The command that pings the node from this machine; without the peer id where there is no room for it: a command that is cut is of no use.</summary>
    private static string? Ping(ViewModel model, int width)
    {
        var address = model.Addresses.FirstOrDefault(address => address.StartsWith("/ip4/127.", StringComparison.Ordinal)) ?? model.Addresses.FirstOrDefault();
        if (address is null) return null;
        var brief = $"{model.Node.Command} ping {address}";
        var whole = $"{brief}/p2p/{model.Node.PeerId}";
        return whole.Length <= width ? whole : brief;
    }

    private static Line Plugins(IReadOnlyList<PluginReport> plugins, int width)
    {
        var line = Named("plugins");
        var failed = plugins.Where(plugin => plugin.State == PluginState.LeftOut).Select(plugin => TerminalText.Clean(plugin.Name, 60)).ToList();
        var warning = failed.Count == 0 ? "" : $"  left out: {string.Join(", ", failed)} ('libp2p plugins' says why)";
        var active = string.Join("  ", plugins.Where(plugin => plugin.State == PluginState.Active).Select(plugin => plugin.Name));
        return line.Add(Line.Fit(active.Length == 0 ? "none" : active, Math.Max(8, width - Label - warning.Length))).Add(warning, Palette.Bad);
    }

    private static IEnumerable<Line> Traffic(ViewModel model, int width)
    {
        yield return Rule(width, "traffic");
        yield return Flow("in", model.Received, width);
        yield return Flow("out", model.Sent, width);
    }

    private static Line Flow(string name, Flow flow, int width)
    {
        var line = new Line().AddCell(name, 4, right: false, Palette.Quiet).AddCell($"{TerminalText.Bytes(flow.PerSecond)}/s", 10, right: true).Add("  ");
        var total = $"  {TerminalText.Bytes(flow.Total)} in all";
        var room = Math.Min(width - line.Cells - 20, ViewState.HistoryLength);
        if (room >= 8) line.Add(Sparkline.Of(flow.History, room), Palette.Accent);
        return line.Add(total, Palette.Quiet);
    }

    private static Line Keys(ViewModel model)
    {
        var line = new Line();
        if (model.Keys)
        {
            Key("q", model.QuitKey);
            Key("p", model.Phase == ViewPhase.Paused ? "go on" : "pause");
            Key("Ctrl+L", "repaint");
        }
        else
        {
            Key("Ctrl+C", model.QuitKey);
        }

        return line;

        void Key(string key, string what) => line.Add(line.Cells > 0 ? "   " : "").Add(key, Palette.Title).Add($" {what}", Palette.Quiet);
    }

    private static Line Named(string name) => new Line().AddCell(name, Label, right: false, Palette.Quiet);

    /// <summary>A line across, with the first of the titles that fits.</summary>
    private static Line Rule(int width, params ReadOnlySpan<string> titles)
    {
        var title = titles[^1];
        foreach (var candidate in titles)
        {
            if (candidate.Length + 6 > width) continue;
            title = candidate;
            break;
        }

        return new Line().Add("── ", Palette.Quiet).Add(title).Add(" ").FillTo(width, '─', Palette.Quiet);
    }

    /// <summary>The end of a text: of a peer id the telling one.</summary>
    private static string Tail(string text, int width) => text.Length <= width ? text : $"…{text[^Math.Clamp(width - 1, 0, text.Length)..]}";

    private static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
