using System.Globalization;

namespace Libp2p.Benchmarks.Workloads;

/// <summary>What a server and a dialer are asked to do together. Figures that want the same work share its samples.</summary>
internal sealed record Workload(WorkKind Kind)
{
    /// <summary>The server sends; else the dialer does.</summary>
    public bool Down { get; init; }

    /// <summary>Streams that carry a transfer, or that are open already.</summary>
    public int Streams { get; init; } = 1;

    public int Connections { get; init; } = 1;

    /// <summary>Bytes of each write.</summary>
    public int Block { get; init; } = 64 * 1024;

    /// <summary>Of all streams and connections together.</summary>
    public int Mebibytes { get; init; }

    public int Count { get; init; }

    public int Concurrency { get; init; } = 1;

    /// <summary>Both processes on the first processor, so that no wake-up crosses processors.</summary>
    public bool Pinned { get; init; }

    /// <summary>Plugin folders, for the time to listening; 0: plugins by direct reference.</summary>
    public int Folders { get; init; }

    public IEnumerable<string> ToArguments()
    {
        yield return Kind.ToString();
        foreach (var (name, value) in Numbers) yield return string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
    }

    public static Workload Parse(IReadOnlyList<string> arguments)
    {
        var numbers = arguments.Skip(1).Select(a => a.Split('=')).ToDictionary(a => a[0], a => int.Parse(a[1], CultureInfo.InvariantCulture));
        return new Workload(Enum.Parse<WorkKind>(arguments[0]))
        {
            Down = numbers["down"] == 1,
            Streams = numbers["streams"],
            Connections = numbers["connections"],
            Block = numbers["block"],
            Mebibytes = numbers["mebibytes"],
            Count = numbers["count"],
            Concurrency = numbers["concurrency"],
            Pinned = numbers["pinned"] == 1,
            Folders = numbers["folders"],
        };
    }

    private IEnumerable<(string Name, int Value)> Numbers =>
    [
        ("down", Down ? 1 : 0), ("streams", Streams), ("connections", Connections), ("block", Block), ("mebibytes", Mebibytes),
        ("count", Count), ("concurrency", Concurrency), ("pinned", Pinned ? 1 : 0), ("folders", Folders),
    ];
}

internal enum WorkKind
{
    /// <summary>Bytes over the streams of one or more connections.</summary>
    Transfer,

    /// <summary>One byte there and back on an open stream.</summary>
    RoundTrip,

    /// <summary>Open, negotiate, one byte there and back, close; beside streams that are open already.</summary>
    Streams,

    /// <summary>Dial, upgrade, close.</summary>
    Handshakes,

    /// <summary>Dials of simulated peers, at once and one by one; as many as the count. Dials that shake hands; as many as connections.</summary>
    Dials,

    /// <summary>Memory of connections that do nothing.</summary>
    IdleConnections,

    /// <summary>Memory of streams that do nothing.</summary>
    IdleStreams,

    /// <summary>One byte there and back beside a transfer on the same connection.</summary>
    Fairness,

    /// <summary>One byte there and back beside a handler that blocks its thread.</summary>
    Starvation,

    /// <summary>From the start of the process until it listens.</summary>
    Start,
}
