using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Libp2p.Node.Output;

/// <summary>What is shown of one connection.</summary>
internal sealed record ConnectionRow(string Peer, string? Agent, bool Inbound, string Address, int Streams, TimeSpan Age, TimeSpan? RoundTrip)
{
    public static ConnectionRow Of(IConnection connection, string? agent, DateTimeOffset now, TimeSpan? roundTrip) => new(
        connection.RemotePeer.ToString(),
        agent,
        connection.Direction == ConnectionDirection.Inbound,
        connection.Remote.ToString(),
        connection.Streams.Count,
        now - connection.OpenedAt,
        roundTrip);

    public static ConnectionRow Of(JsonElement connection) => new(
        connection.GetProperty("peer").GetString()!,
        connection.GetProperty("agentVersion").GetString(),
        connection.GetProperty("direction").GetString() == "inbound",
        connection.GetProperty("addr").GetString()!,
        connection.GetProperty("streams").GetArrayLength(),
        TimeSpan.FromSeconds(connection.GetProperty("seconds").GetDouble()),
        null);

    /// <summary>A table of connections that fits its width: peer ids by their last characters, the rest cut.</summary>
    public static IRenderable Table(IEnumerable<ConnectionRow> rows, bool withRoundTrips)
    {
        var table = new Table().Border(TableBorder.None).Expand();
        Add(table, "peer");
        Add(table, "");
        Add(table, "address");
        Add(table, "agent");
        Add(table, "streams", right: true);
        if (withRoundTrips) Add(table, "rtt", right: true);
        Add(table, "age", right: true);
        foreach (var row in rows)
        {
            List<IRenderable> cells = [Cell(Short(row.Peer)), Cell(row.Inbound ? "in" : "out"), Cell(row.Address), Cell(TerminalText.Clean(row.Agent, 60)), Cell(row.Streams.ToString(CultureInfo.InvariantCulture))];
            if (withRoundTrips) cells.Add(Cell(row.RoundTrip is { } rtt ? string.Create(CultureInfo.InvariantCulture, $"{rtt.TotalMilliseconds:0.00} ms") : ""));
            cells.Add(Cell(TerminalText.Span(row.Age)));
            table.AddRow(cells);
        }

        return table;
    }

    /// <summary>The end of a peer id: what tells two of them apart at a glance.</summary>
    public static string Short(string peer) => peer.Length <= 12 ? peer : $"…{peer[^8..]}";

    private static void Add(Table table, string name, bool right = false) =>
        table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Dim))) { NoWrap = true, Alignment = right ? Justify.Right : Justify.Left, Padding = new Padding(0, 0, 2, 0) });

    private static Text Cell(string text) => new(text) { Overflow = Overflow.Ellipsis };
}
