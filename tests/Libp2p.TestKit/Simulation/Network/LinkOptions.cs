using System.Globalization;

namespace Libp2p.TestKit;

/// <summary>What a link does to what crosses it; each way for itself.</summary>
public sealed record LinkOptions
{
    /// <summary>How long a byte travels one way. Default 20 ms.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The most by which it may take longer, evenly spread; datagrams overtake each other by it. Default none.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second; null, the default: no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>The share of packets that are lost, 0 to 1. A datagram is gone; a segment of a stream comes later. Default 0.</summary>
    public double Loss { get; init; }

    /// <summary>The share of datagrams that come twice, 0 to 1. Default 0.</summary>
    public double Duplication { get; init; }

    /// <summary>The share of datagrams that are held up so that later ones overtake them, 0 to 1. Default 0.</summary>
    public double Reordering { get; init; }

    /// <summary>The most by which a held-up datagram comes later. Default 50 ms.</summary>
    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The largest datagram in bytes; larger ones are lost. Default 1472, what fits an Ethernet frame over IPv4.</summary>
    public int DatagramSize { get; init; } = 1472;

    /// <summary>What differs from the default, in a line.</summary>
    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"latency {Latency.TotalMilliseconds} ms jitter {Jitter.TotalMilliseconds} ms loss {Loss} duplication {Duplication} reordering {Reordering} {BytesPerSecond?.ToString(CultureInfo.InvariantCulture) ?? "any"} B/s");

    internal IEnumerable<string> Validate()
    {
        if (Latency < TimeSpan.Zero || Jitter < TimeSpan.Zero || ReorderingDelay < TimeSpan.Zero) yield return $"{nameof(LinkOptions)}: times are not negative.";
        if (BytesPerSecond is <= 0) yield return $"{nameof(LinkOptions)}.{nameof(BytesPerSecond)} is positive, or null.";
        if (Loss is < 0 or > 1 || Duplication is < 0 or > 1 || Reordering is < 0 or > 1) yield return $"{nameof(LinkOptions)}: shares are 0 to 1.";
        if (DatagramSize < 1) yield return $"{nameof(LinkOptions)}.{nameof(DatagramSize)} is positive.";
    }
}
