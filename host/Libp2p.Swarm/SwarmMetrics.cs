using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Libp2p.Swarm;

/// <summary>What the swarm publishes under <see cref="Telemetry"/>'s names. One set a process; nodes add up.</summary>
internal static class SwarmMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    public static readonly ActivitySource Activities = new(Telemetry.ActivitySourceName);

    /// <summary>Connections open; tag direction.</summary>
    public static readonly UpDownCounter<int> Connections = Meter.CreateUpDownCounter<int>("libp2p.connections", "{connection}", "Connections open.");

    /// <summary>Dials ended; tag outcome: connected, failed, cancelled.</summary>
    public static readonly Counter<long> Dials = Meter.CreateCounter<long>("libp2p.dials", "{dial}", "Dials of peers ended, by outcome.");

    /// <summary>Incoming connections that were not delivered; tag reason.</summary>
    public static readonly Counter<long> IncomingFailed = Meter.CreateCounter<long>("libp2p.incoming.failed", "{connection}", "Incoming connections refused or failed before they were ready.");

    /// <summary>From a bare connection to a muxed one; tags direction, outcome.</summary>
    public static readonly Histogram<double> UpgradeDuration = Meter.CreateHistogram<double>("libp2p.upgrade.duration", "s", "From a bare connection to a muxed one.");

    /// <summary>Streams open; tag direction.</summary>
    public static readonly UpDownCounter<int> Streams = Meter.CreateUpDownCounter<int>("libp2p.streams", "{stream}", "Streams open.");

    /// <summary>To agree on the protocol of a stream; tag direction. Lazy ones are not awaited, and not in it.</summary>
    public static readonly Histogram<double> NegotiationDuration = Meter.CreateHistogram<double>("libp2p.negotiation.duration", "s", "To agree on the protocol of a stream.");

    /// <summary>What a limit forbade; tag limit: the option that would change it.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("libp2p.limits.refused", "{refusal}", "Connections, streams and memory refused, by the limit.");

    /// <summary>Stream negotiations that failed; tags direction, reason.</summary>
    public static readonly Counter<long> NegotiationsFailed = Meter.CreateCounter<long>("libp2p.negotiations.failed", "{negotiation}", "Stream negotiations that failed.");

    /// <summary>Events that a slow subscriber lost.</summary>
    public static readonly Counter<long> EventsDropped = Meter.CreateCounter<long>("libp2p.events.dropped", "{event}", "Events dropped because a subscriber was too slow.");

    public static KeyValuePair<string, object?> Direction(ConnectionDirection direction) =>
        new("direction", direction == ConnectionDirection.Inbound ? "inbound" : "outbound");

    public static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);

    public static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
