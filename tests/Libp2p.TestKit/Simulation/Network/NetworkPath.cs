namespace Libp2p.TestKit;

/// <summary>One way between two hosts.</summary>
internal sealed class NetworkPath(EventLoop loop, SimulatedHost from, SimulatedHost to, Func<LinkOptions> options, HostRandom random)
{
    private static readonly LinkOptions Loopback = new() { Latency = TimeSpan.FromMicroseconds(20), DatagramSize = 65507 };

    private long _free; // when the last byte given to it has left
    private long _last; // when the last datagram given to it is there

    public SimulatedHost From => from;

    public SimulatedHost To => to;

    public LinkOptions Options => Own ?? (from == to ? Loopback : options());

    /// <summary>What was said for this pair; null: what is said for all.</summary>
    public LinkOptions? Own { get; set; }

    public bool IsDown { get; set; }

    public HostRandom Random => random;

    /// <summary>Whether bytes come in pieces that are lost or delayed one by one.</summary>
    public bool IsSegmented => Options is { Loss: > 0 } or { BytesPerSecond: not null };

    /// <summary>When what leaves now will be there.</summary>
    public long Travel(int bytes)
    {
        var link = Options;
        var left = loop.Now;
        if (link.BytesPerSecond is { } speed)
        {
            left = _free = Math.Max(left, _free) + (long)Math.Ceiling(bytes * (double)TimeSpan.TicksPerSecond / speed);
        }

        return left + Latency();
    }

    /// <summary>When a datagram that leaves now will be there: only jitter lets one overtake another.</summary>
    public long TravelInOrder(int bytes)
    {
        var arrival = Travel(bytes);
        if (Options.Jitter == TimeSpan.Zero) arrival = Math.Max(arrival, _last + 1);
        return _last = arrival;
    }

    /// <summary>How long a small packet takes.</summary>
    public long Latency()
    {
        var link = Options;
        return link.Latency.Ticks + (link.Jitter > TimeSpan.Zero ? (long)(random.Fraction() * link.Jitter.Ticks) : 0);
    }
}
