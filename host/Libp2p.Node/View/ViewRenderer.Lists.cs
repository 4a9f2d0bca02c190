using System.Globalization;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.View;

/// <summary>The lists of the view, in the rows that are left for them.</summary>
internal static partial class ViewRenderer
{
    private static IEnumerable<Line> Connections(ViewModel model, int width, int room)
    {
        var all = model.Connections;
        var inbound = all.Count(row => row.Inbound);
        var streams = Count(all.Sum(row => row.Streams), "stream");
        yield return Rule(
            width,
            all.Count == 0 ? "no connections" : $"{Count(all.Count, "connection")} ({inbound} in, {all.Count - inbound} out), {streams}",
            $"{Count(all.Count, "connection")}, {streams}");
        if (all.Count == 0 || room < 3) yield break;
        var places = room - 2;
        var shown = all.Count <= places ? all.Count : Math.Max(1, places - 1);
        foreach (var line in ConnectionTable.Lines([.. all.Take(shown)], width, rates: true, model.RoundTrips)) yield return line;
        if (shown < all.Count && shown < places) yield return More([.. all.Skip(shown)]);
    }

    private static Line More(IReadOnlyList<ConnectionRow> rows)
    {
        var received = TerminalText.Bytes(rows.Sum(row => row.ReceivedPerSecond ?? 0));
        var sent = TerminalText.Bytes(rows.Sum(row => row.SentPerSecond ?? 0));
        return new Line().Add($"+ {rows.Count} more: {Count(rows.Sum(row => row.Streams), "stream")}, {received}/s in, {sent}/s out", Palette.Quiet);
    }

    private static IEnumerable<Line> Events(ViewModel model, int width, int room)
    {
        if (room < 2) yield break;
        yield return Rule(width, "events");
        foreach (var happened in model.Events.TakeLast(room - 1))
        {
            var line = new Line().Add(happened.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture), Palette.Quiet).Add(" ");
            if (happened.Times > 1) line.Add($"{happened.Times}x ", Palette.Title);
            yield return line.Add(happened.Text, StyleOf(happened.Kind));
        }
    }

    private static Style StyleOf(ViewEventKind kind) => kind switch
    {
        ViewEventKind.Opened => Palette.Good,
        ViewEventKind.Closed => Palette.Quiet,
        ViewEventKind.Refused or ViewEventKind.Warning => Palette.Warning,
        ViewEventKind.Error => Palette.Bad,
        _ => Style.Plain,
    };
}
