using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>The last things that happened; the oldest make room. Thread-safe.</summary>
internal sealed class ViewEvents(TimeProvider time)
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 100;

    /// <summary>The most characters of one.</summary>
    private const int MaxLength = 300;

    private readonly Lock _gate = new();
    private readonly LinkedList<ViewEvent> _events = []; // guarded by _gate
    private string _last = ""; // guarded by _gate; what makes the last event the same as the next
    private long _connectionsOpened; // guarded by _gate

    /// <summary>Called after each, on the thread of whoever told it: must be quick.</summary>
    public event Action<ViewEvent>? Added;

    public long ConnectionsOpened
    {
        get
        {
            lock (_gate) return _connectionsOpened;
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ViewEvent> Snapshot()
    {
        lock (_gate) return [.. _events];
    }

    /// <summary>Adds an event, or counts it with the last one if that is the same.</summary>
    /// <param name="kind">What it is like.</param>
    /// <param name="text">What is shown, of several that are the same the latest. Cleaned here.</param>
    /// <param name="same">What makes two events the same; null: the text.</param>
    public void Add(ViewEventKind kind, string text, string? same = null)
    {
        same ??= text;
        text = TerminalText.Clean(text, MaxLength);
        ViewEvent added;
        lock (_gate)
        {
            var times = 1;
            if (_events.Last is { } last && last.Value.Kind == kind && _last == same)
            {
                times = last.Value.Times + 1;
                _events.RemoveLast();
            }
            else if (_events.Count == Capacity)
            {
                _events.RemoveFirst();
            }

            added = new ViewEvent(time.GetLocalNow(), kind, text, times);
            _events.AddLast(added);
            _last = same;
        }

        Added?.Invoke(added);
    }

    public void Add(NodeEvent happened)
    {
        if (happened is ConnectionOpened)
        {
            lock (_gate) _connectionsOpened++;
        }

        if (EventLines.Describe(happened, peer => ConnectionRow.Short(peer.ToString())) is { } text)
        {
            // From whichever port: who knocks at every second must not push everything else out.
            Add(KindOf(happened), text, (happened as IncomingFailed)?.Cause.Message);
        }
    }

    /// <summary>Takes events until they end.</summary>
    public async Task FollowAsync(IAsyncEnumerable<NodeEvent> events)
    {
        try
        {
            await foreach (var happened in events.ConfigureAwait(false)) Add(happened);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static ViewEventKind KindOf(NodeEvent happened) => happened switch
    {
        ConnectionOpened => ViewEventKind.Opened,
        ConnectionClosed => ViewEventKind.Closed,
        IncomingFailed or EventsDropped or LimitReached or ConnectionEvicted => ViewEventKind.Refused,
        _ => ViewEventKind.Plain,
    };
}
