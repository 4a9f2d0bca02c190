using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>Makes models of a node out of snapshots of it: adds what only time tells, the bytes a second and their history. One caller at a time.</summary>
internal sealed class ViewState(NodeFacts node, TimeProvider time)
{
    /// <summary>How many seconds of history are kept.</summary>
    public const int HistoryLength = 120;

    /// <summary>Bytes a second are counted over no less than this: a snapshot that comes sooner shows those of the last.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    private readonly History _received = new();
    private readonly History _sent = new();
    private Dictionary<long, ConnectionRow> _last = [];
    private long? _at;

    /// <summary>The model of this moment, as running.</summary>
    public ViewModel Update(NodeSnapshot now)
    {
        var elapsed = _at is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero;
        var counts = _at is null || elapsed >= Span;
        if (counts)
        {
            _received.Add(now.Received, elapsed);
            _sent.Add(now.Sent, elapsed);
            _at = time.GetTimestamp();
        }

        var connections = now.Connections.Select(row => WithRates(row, elapsed, counts)).OrderBy(row => row.Id).ToList();
        if (counts) _last = connections.ToDictionary(row => row.Id);
        return new ViewModel
        {
            Node = node,
            Uptime = time.GetUtcNow() - node.StartedAt,
            Addresses = now.Addresses,
            Connections = connections,
            Received = _received.Flow(now.Received),
            Sent = _sent.Flow(now.Sent),
        };
    }

    private ConnectionRow WithRates(ConnectionRow row, TimeSpan elapsed, bool counts)
    {
        if (!_last.TryGetValue(row.Id, out var last)) return row;
        return counts
            ? row with { ReceivedPerSecond = Rate(last.Received, row.Received, elapsed), SentPerSecond = Rate(last.Sent, row.Sent, elapsed) }
            : row with { ReceivedPerSecond = last.ReceivedPerSecond, SentPerSecond = last.SentPerSecond };
    }

    private static double? Rate(long? before, long? now, TimeSpan elapsed) => (now - before) / elapsed.TotalSeconds;

    private sealed class History
    {
        private readonly Queue<double> _rates = new(HistoryLength);
        private long _total;

        public void Add(long total, TimeSpan elapsed)
        {
            if (elapsed > TimeSpan.Zero)
            {
                if (_rates.Count == HistoryLength) _rates.Dequeue();
                _rates.Enqueue((total - _total) / elapsed.TotalSeconds);
            }

            _total = total;
        }

        public Flow Flow(long total)
        {
            double[] rates = [.. _rates];
            return new Flow(total, rates is [.., var latest] ? latest : 0, rates);
        }
    }
}
