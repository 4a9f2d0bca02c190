using Libp2p.Hosting;
using Libp2p.Node.Output;
using Libp2p.Node.View;

namespace Libp2p.Node.Tests.View;

/// <summary>Models to draw.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 9, 30, 0, TimeSpan.Zero);

    public const string Self = "12D3KooWQW2r58ASEzmGs4r6yo9ZE3fCpjQy6bRTLsJG9Jx4Ey9Z";

    private static readonly string[] Agents = ["js-libp2p/3.1.2", "kubo/0.38.1", "go-libp2p/0.46.0", "rust-libp2p/0.57.0", "Libp2p.Framework/0.1.0"];

    private static readonly string[] Addresses =
        ["/ip4/192.0.2.17/tcp/4001", "/ip4/198.51.100.4/tcp/41702", "/ip6/2001:db8::17/tcp/4001", "/ip4/203.0.113.250/tcp/60123", "/ip4/127.0.0.1/tcp/52044"];

    public static NodeFacts Facts { get; } = new(Self, "0.1.0", "libp2p", Start)
    {
        Plugins = [.. new[] { "tcp", "noise", "yamux", "identify", "ping" }.Select(name => new PluginReport { Name = name, State = PluginState.Active })],
    };

    public static ViewModel Model(int connections) => new()
    {
        Node = Facts,
        Uptime = new TimeSpan(2, 5, 11),
        Keys = true,
        Addresses = ["/ip4/127.0.0.1/tcp/4001", "/ip4/192.0.2.10/tcp/4001", "/ip6/::1/tcp/4001"],
        Connections = [.. Enumerable.Range(0, connections).Select(Connection)],
        Received = connections == 0 ? Flow.None : new Flow(734_003_200, 1_258_291, [.. Enumerable.Range(0, 120).Select(i => Wave(i, 1_258_291))]),
        Sent = connections == 0 ? Flow.None : new Flow(48_234_496, 86_016, [.. Enumerable.Range(0, 120).Select(i => Wave(119 - i, 86_016))]),
        Events = connections == 0 ? [] : [.. Enumerable.Range(0, Math.Min(connections, 12)).SelectMany(Story)],
    };

    public static ConnectionRow Connection(int i) => new()
    {
        Id = i,
        Peer = Peer(i),
        Agent = i % 7 == 6 ? null : Agents[i % Agents.Length],
        Inbound = i % 3 != 1,
        Address = Addresses[i % Addresses.Length],
        Security = "/noise",
        Muxer = "/yamux/1.0.0",
        Streams = 1 + (i % 4),
        Age = TimeSpan.FromSeconds(7400 / (1 + i)),
        RoundTrip = i >= RoundTrips.MaxConnections ? null : TimeSpan.FromMilliseconds(0.31 * Math.Pow(2.3, i % 9)),
        Received = 1000 * i,
        Sent = 1000 * i,
        ReceivedPerSecond = i % 3 == 2 ? 0 : 1_153_434.0 / ((i * i * 5) + 1),
        SentPerSecond = i % 4 == 3 ? 0 : 70_000.0 / ((i * 3) + 1),
    };

    private static IEnumerable<ViewEvent> Story(int i)
    {
        var at = Start.AddSeconds(20 * i);
        var peer = ConnectionRow.Short(Peer(i));
        yield return new ViewEvent(at, ViewEventKind.Opened, $"+ {peer} {(i % 3 != 1 ? "from" : "to")} {Addresses[i % Addresses.Length]}");
        yield return new ViewEvent(at, ViewEventKind.Plain, $"  {peer} is {Agents[i % Agents.Length]}, {5 + i} protocols");
        if (i % 5 == 1) yield return new ViewEvent(at.AddSeconds(9), ViewEventKind.Refused, "! /ip4/203.0.113.9/tcp/33112 The remote closed the connection during the handshake.", 4);
        if (i % 5 == 3) yield return new ViewEvent(at.AddSeconds(12), ViewEventKind.Closed, $"- {ConnectionRow.Short(Peer(i + 60))} The connection was closed by the remote.");
    }

    private static double Wave(int i, double most) => most * Math.Abs(Math.Sin(i / 9.0) * Math.Cos(i / 31.0)) * ((i + 30) / 150.0);

    /// <summary>Looks like a peer id, the same in every run.</summary>
    private static string Peer(int i)
    {
        const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var random = (uint)(i + 1) * 2654435761u;
        return "12D3KooW" + string.Concat(Enumerable.Range(0, 44).Select(_ => Alphabet[(int)((random = (random * 1664525u) + 1013904223u) >> 8) % Alphabet.Length]));
    }
}
