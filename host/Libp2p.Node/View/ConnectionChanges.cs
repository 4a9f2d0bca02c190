using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>Tells as events what changed from one list of connections to the next. One caller at a time.</summary>
internal sealed class ConnectionChanges(ViewEvents events)
{
    private Dictionary<long, ConnectionRow>? _last;

    /// <summary>Those of the first list are no news.</summary>
    public void Tell(IReadOnlyList<ConnectionRow> connections)
    {
        var now = connections.ToDictionary(row => row.Id);
        if (_last is { } last)
        {
            foreach (var row in last.Values.Where(row => !now.ContainsKey(row.Id))) events.Add(ViewEventKind.Closed, $"- {ConnectionRow.Short(row.Peer)} {row.Address}");
            foreach (var row in connections.OrderBy(row => row.Id))
            {
                var known = last.GetValueOrDefault(row.Id);
                if (known is null) events.Add(ViewEventKind.Opened, $"+ {ConnectionRow.Short(row.Peer)} {(row.Inbound ? "from" : "to")} {row.Address}");
                if (row.Agent is not null && row.Agent != known?.Agent) events.Add(ViewEventKind.Plain, $"  {ConnectionRow.Short(row.Peer)} is {row.Agent}");
            }
        }

        _last = now;
    }
}
