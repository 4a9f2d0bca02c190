using System.Globalization;
using Spectre.Console;

namespace Libp2p.Node.Output;

/// <summary>
/// A table of connections in no more than the width there is: first the addresses are written shorter, then the gaps get narrower, then agent and address are cut, then columns
/// go, the least telling first.
/// </summary>
internal static class ConnectionTable
{
    /// <summary>What is shown where nothing flows.</summary>
    private const string None = "–";

    private static readonly Column[] All =
    [
        new("peer", row => ConnectionRow.Short(row.Peer)) { Style = Palette.Accent },
        new("dir", row => row.Inbound ? "in" : "out"),
        new("agent", row => TerminalText.Clean(row.Agent, 60)) { Most = 32, Least = 8, DroppedAs = 4 },
        new("address", row => row.Address) { Most = 60, Least = 16, Shorter = row => ShortAddress(row.Address), DroppedAs = 2 },
        new("via", Via) { DroppedAs = 1 },
        new("str", row => row.Streams.ToString(CultureInfo.InvariantCulture)) { Right = true, DroppedAs = 5 },
        new("rtt", row => row.RoundTrip is { } rtt ? RoundTrip(rtt) : "") { Right = true, Fixed = 7 },
        new("in/s", row => Rate(row.ReceivedPerSecond)) { Right = true, Fixed = 8 },
        new("out/s", row => Rate(row.SentPerSecond)) { Right = true, Fixed = 8 },
        new("age", row => Age(row.Age)) { Right = true, Fixed = 6, DroppedAs = 3 },
    ];

    /// <summary>A line of titles, and one for each row.</summary>
    /// <param name="rows">What is shown.</param>
    /// <param name="width">The cells there are.</param>
    /// <param name="rates">Whether there are bytes a second to show.</param>
    /// <param name="roundTrips">Whether there are round trips to show.</param>
    public static IEnumerable<Line> Lines(IReadOnlyList<ConnectionRow> rows, int width, bool rates, bool roundTrips)
    {
        var columns = Choose(All.Where(column => column.Title switch { "rtt" => roundTrips, "in/s" or "out/s" => rates, _ => true }), rows, width, out var widths, out var gap);
        var titles = new Line();
        for (var i = 0; i < columns.Length; i++) Cell(titles, i, columns[i].Title, Palette.Quiet);
        yield return titles;
        foreach (var row in rows)
        {
            var line = new Line();
            for (var i = 0; i < columns.Length; i++) Cell(line, i, columns[i].Text(row), columns[i].Style);
            yield return line;
        }

        void Cell(Line line, int i, string text, Style? style)
        {
            if (i > 0) line.Add(gap);
            line.AddCell(text, widths[i], columns[i].Right, text == None ? Palette.Quiet : style);
        }
    }

    private static Column[] Choose(IEnumerable<Column> all, IReadOnlyList<ConnectionRow> rows, int width, out int[] widths, out string gap)
    {
        var kept = all.ToList();
        while (true)
        {
            var columns = kept.ToArray();
            widths = [.. columns.Select(column => column.Natural(rows))];
            gap = "  ";
            if (Over(widths, gap) > 0 && Array.FindIndex(columns, column => column.Shorter is not null) is >= 0 and var shortened)
            {
                columns[shortened] = columns[shortened].Shortened();
                widths[shortened] = columns[shortened].Natural(rows);
            }

            if (Over(widths, gap) > 0) gap = " ";
            while (Over(widths, gap) > 0 && Widest(columns, widths) is { } widest) widths[widest]--;
            var next = kept.Where(column => column.DroppedAs > 0).MinBy(column => column.DroppedAs);
            if (Over(widths, gap) <= 0 || next is null) return columns;
            kept.Remove(next);
        }

        int Over(int[] taken, string between) => taken.Sum() + (between.Length * (taken.Length - 1)) - width;
    }

    /// <summary>The column that has most to give.</summary>
    private static int? Widest(Column[] columns, int[] widths)
    {
        int? widest = null;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Least > 0 && widths[i] > columns[i].Least && (widest is not { } best || widths[i] > widths[best])) widest = i;
        }

        return widest;
    }

    private static string Via(ConnectionRow row) => string.Join(' ', new[] { row.Security, row.Muxer }.Select(Name).Where(name => name.Length > 0));

    /// <summary><c>/yamux/1.0.0</c> is yamux.</summary>
    private static string Name(string? protocol) => protocol?.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";

    /// <summary><c>/ip4/192.0.2.1/tcp/4001/ws</c> as <c>192.0.2.1:4001/ws</c>; what is written otherwise stays.</summary>
    private static string ShortAddress(string address)
    {
        var parts = address.Split('/', 6);
        if (parts is not ["", var host, var name, "tcp" or "udp", var port, ..]) return address;
        var rest = parts.Length > 5 ? $"/{parts[5]}" : "";
        return host switch
        {
            "ip4" or "dns" or "dns4" or "dns6" => $"{name}:{port}{rest}",
            "ip6" => $"[{name}]:{port}{rest}",
            _ => address,
        };
    }

    public static string RoundTrip(TimeSpan rtt) => rtt.TotalMilliseconds switch
    {
        < 9.995 and var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:0.00} ms"),
        < 99.95 and var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms"),
        < 999.5 and var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms"),
        var ms => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:0.0} s"),
    };

    private static string Rate(double? bytesPerSecond) => bytesPerSecond switch
    {
        null => "",
        < 1 => None,
        { } rate => TerminalText.Bytes(rate),
    };

    /// <summary>Two units at most, as <c>12s</c>, <c>3m20s</c>, <c>2h05m</c>, <c>4d01h</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)age.TotalSeconds)}s",
        { TotalMinutes: < 60 } => $"{age.Minutes}m{age.Seconds:00}s",
        { TotalHours: < 24 } => $"{age.Hours}h{age.Minutes:00}m",
        { TotalDays: < 1000 } => $"{age.Days}d{age.Hours:00}h",
        _ => $"{age.Days}d",
    };

    /// <param name="Title">What stands above it.</param>
    /// <param name="Text">What it says of a connection.</param>
    private sealed record Column(string Title, Func<ConnectionRow, string> Text)
    {
        public bool Right { get; init; }

        /// <summary>Its width whatever it says, so that the table does not jump as figures change; 0: as wide as its texts.</summary>
        public int Fixed { get; init; }

        public int Most { get; init; } = 20;

        /// <summary>How far its texts may be cut; 0: not at all.</summary>
        public int Least { get; init; }

        /// <summary>Which is dropped first where there is too little room; 0: never.</summary>
        public int DroppedAs { get; init; }

        /// <summary>The same in fewer characters.</summary>
        public Func<ConnectionRow, string>? Shorter { get; init; }

        public Style? Style { get; init; }

        public Column Shortened() => Shorter is null ? this : this with { Text = Shorter, Shorter = null };

        public int Natural(IReadOnlyList<ConnectionRow> rows) =>
            Fixed > 0 ? Fixed : Math.Clamp(rows.Count == 0 ? 0 : rows.Max(row => Line.CellsOf(Text(row))), Title.Length, Most);
    }
}
