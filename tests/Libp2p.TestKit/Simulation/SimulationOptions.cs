using Microsoft.Extensions.Logging;

namespace Libp2p.TestKit;

/// <summary>What is the same for a whole simulation.</summary>
public sealed record SimulationOptions
{
    /// <summary>The most virtual time that may pass; positive. Default one hour. A test that waits for what never comes runs into it while timers still tick.</summary>
    public TimeSpan MaxVirtualTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most events (continuations, timers, packets) that may run; at least 1. Default 100 million. Ends a loop in which no time passes.</summary>
    public long MaxEvents { get; init; } = 100_000_000;

    /// <summary>In which order runs what could run at the same moment. Default: as the seed chooses.</summary>
    public SimulationOrder Order { get; init; } = SimulationOrder.Seeded;

    /// <summary>The links of hosts for which nothing else is said.</summary>
    public LinkOptions Links { get; init; } = new();

    /// <summary>What is traced. Default: everything, down to the bytes that cross the network.</summary>
    public TraceDetail Trace { get; init; } = TraceDetail.Packets;

    /// <summary>How many of the newest events of the trace are kept in memory; at least 1. Default 1 million. The hash of the trace covers them all.</summary>
    public int TraceCapacity { get; init; } = 1_000_000;

    /// <summary>
    /// How long, in real time, a simulation that has nothing left to do waits for a continuation that left it, to name the place instead of a wait without end; not negative.
    /// Default 2 s, and only where it fails.
    /// </summary>
    public TimeSpan EscapeGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From which level on what nodes log is traced. Default: nothing.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.None;

    /// <summary>How the network ages connections and attempts.</summary>
    public StreamOptions Streams { get; init; } = new();

    internal void ThrowIfInvalid()
    {
        if (MaxVirtualTime <= TimeSpan.Zero) throw new ArgumentException($"{nameof(MaxVirtualTime)} is positive.");
        if (MaxEvents < 1) throw new ArgumentException($"{nameof(MaxEvents)} is at least 1.");
        if (EscapeGrace < TimeSpan.Zero) throw new ArgumentException($"{nameof(EscapeGrace)} is not negative.");
        if (TraceCapacity < 1) throw new ArgumentException($"{nameof(TraceCapacity)} is at least 1.");
        if (Streams.Window < 1 || Streams.SegmentSize < 1) throw new ArgumentException($"{nameof(Streams)}: sizes are positive.");
        if (Streams.RetransmitAfter <= TimeSpan.Zero || Streams.GiveUpAfter <= TimeSpan.Zero || Streams.ConnectTimeout <= TimeSpan.Zero) throw new ArgumentException($"{nameof(Streams)}: times are positive.");
        foreach (var problem in Links.Validate()) throw new ArgumentException(problem);
    }
}

/// <summary>In which order runs what could run at the same moment.</summary>
public enum SimulationOrder
{
    /// <summary>The seed chooses: many seeds see many interleavings.</summary>
    Seeded,

    /// <summary>As it came.</summary>
    Fifo,
}

/// <summary>How much a simulation traces; each includes those before it.</summary>
public enum TraceDetail
{
    /// <summary>Notes, faults, hosts.</summary>
    Faults,

    /// <summary>Connections: attempts, ends.</summary>
    Connections,

    /// <summary>Everything that crosses the network, with a checksum of its bytes.</summary>
    Packets,
}

/// <summary>What the stream sockets (TCP) of a simulation have in common.</summary>
public sealed record StreamOptions
{
    /// <summary>Bytes of one way that may be sent and not yet read; positive. Default 256 KiB. A sender over it waits.</summary>
    public int Window { get; init; } = 256 * 1024;

    /// <summary>Bytes that are lost or delayed together on a link with losses or a bandwidth; positive. Default 1400.</summary>
    public int SegmentSize { get; init; } = 1400;

    /// <summary>The first wait before something lost is sent again, doubled each time; at least twice the latency is waited. Default 200 ms.</summary>
    public TimeSpan RetransmitAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>After how long without an answer a sender gives up, its connection broken. Default 60 s.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without an answer a connection attempt fails. Default 127 s, the doubled waits from 1 s on of Linux.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(127);
}
