namespace Libp2p.Node.Output;

/// <summary>A line for each event of a running node.</summary>
internal static class EventLines
{
    public static async Task PrintAsync(IAsyncEnumerable<NodeEvent> events, Settings settings, TextWriter output)
    {
        try
        {
            await foreach (var happened in events.ConfigureAwait(false))
            {
                if (settings.Json) PrintJson(happened, output);
                else if (Describe(happened, peer => peer.ToString()) is { } line) await output.WriteLineAsync(TerminalText.Clean(line, 400)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>What happened, in a line that is not cleaned yet; null: nothing that a person wants to see.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="name">How peers are written.</param>
    public static string? Describe(NodeEvent happened, Func<PeerId, string> name) => happened switch
    {
        ConnectionOpened e => $"+ {name(e.Connection.RemotePeer)} {Way(e.Connection)} {e.Connection.Remote}",
        ConnectionClosed e => $"- {name(e.Connection.RemotePeer)} {e.End}",
        PeerIdentified e => $"  {name(e.Info.PeerId)} is {e.Info.AgentVersion ?? "unnamed"}, {e.Info.Protocols.Length} protocols{(e.Pushed ? " (pushed)" : "")}",
        PerfServed e => $"  {name(e.Connection.RemotePeer)} measured {TerminalText.Bytes(e.Uploaded)} in, {TerminalText.Bytes(e.Downloaded)} out",
        IncomingFailed e => $"! {e.Remote} {e.Cause.Message}",
        LimitReached e => $"! {e.Denial}{(e.Count > 1 ? $" ({e.Count} times)" : "")}",
        ResourcePressureChanged { Pressure: ResourcePressure.None } => "  resources suffice again",
        ResourcePressureChanged e => $"! resources run short: {e.Pressure}",
        ConnectionEvicted e => $"! {name(e.Connection.RemotePeer)} makes room for others",
        EventsDropped e => $"! {e.Count} events were not shown",
        _ => null,
    };

    private static string Way(IConnection connection) => connection.Direction == ConnectionDirection.Inbound ? "from" : "to";

    private static void PrintJson(NodeEvent happened, TextWriter output) => JsonLine.Write(output, json =>
    {
        switch (happened)
        {
            case ConnectionOpened e:
                json.WriteString("event", "connection");
                json.WriteString("peer", e.Connection.RemotePeer.ToString());
                json.WriteString("addr", e.Connection.Remote.ToString());
                json.WriteString("direction", e.Connection.Direction == ConnectionDirection.Inbound ? "inbound" : "outbound");
                json.WriteString("encryption", e.Connection.Security?.Value);
                json.WriteString("muxer", e.Connection.Muxer?.Value);
                break;
            case ConnectionClosed e:
                json.WriteString("event", "disconnection");
                json.WriteString("peer", e.Connection.RemotePeer.ToString());
                json.WriteString("reason", e.End.ToString());
                break;
            case PeerIdentified e:
                json.WriteString("event", "identify");
                json.WriteString("peer", e.Info.PeerId.ToString());
                json.WriteString("agentVersion", e.Info.AgentVersion);
                json.WriteStrings("protocols", e.Info.Protocols.Select(p => p.Value));
                json.WriteBoolean("push", e.Pushed);
                break;
            case PerfServed e:
                json.WriteString("event", "perf");
                json.WriteString("peer", e.Connection.RemotePeer.ToString());
                json.WriteNumber("upload", e.Uploaded);
                json.WriteNumber("download", e.Downloaded);
                break;
            case IncomingFailed e:
                json.WriteString("event", "incoming-failed");
                json.WriteString("addr", e.Remote.ToString());
                json.WriteString("error", e.Cause.Message);
                break;
            case DialEnded e:
                DialJson.Write(json, e.Report, e.Connection);
                if (e.Error is { } error) json.WriteString("error", error.Message);
                break;
            case ListenAddressesChanged e:
                json.WriteString("event", "listen-addresses");
                json.WriteStrings("addrs", e.Addresses.Select(a => a.ToString()));
                break;
            case ExternalAddressesChanged e:
                json.WriteString("event", "external-addresses");
                json.WriteStrings("addrs", e.Addresses.Select(a => a.ToString()));
                break;
            case NetworkChanged e:
                json.WriteString("event", "network");
                json.WriteStrings("added", e.Added.Select(a => a.ToString()));
                json.WriteStrings("removed", e.Removed.Select(a => a.ToString()));
                json.WriteBoolean("slept", e.Slept);
                break;
            case EventsDropped e:
                json.WriteString("event", "events-dropped");
                json.WriteNumber("count", e.Count);
                break;
            case LimitReached e:
                json.WriteString("event", "limit");
                json.WriteString("scope", e.Denial.Scope);
                json.WriteString("unit", e.Denial.Unit);
                json.WriteString("direction", e.Denial.Direction switch { ConnectionDirection.Inbound => "inbound", ConnectionDirection.Outbound => "outbound", _ => null });
                json.WriteNumber("requested", e.Denial.Requested);
                json.WriteNumber("used", e.Denial.Used);
                json.WriteNumber("limit", e.Denial.Limit);
                json.WriteString("option", e.Denial.Option);
                json.WriteNumber("count", e.Count);
                break;
            case ResourcePressureChanged e:
                json.WriteString("event", "pressure");
                json.WriteString("pressure", e.Pressure.ToString());
                break;
            case ConnectionEvicted e:
                json.WriteString("event", "eviction");
                json.WriteString("peer", e.Connection.RemotePeer.ToString());
                break;
            default:
                json.WriteString("event", happened.GetType().Name);
                break;
        }
    });
}
