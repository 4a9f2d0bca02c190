using Libp2p.Hosting;
using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>Everything that the view shows, at one moment: values alone, so that what is drawn of it needs neither node nor terminal.</summary>
internal sealed record ViewModel
{
    public required NodeFacts Node { get; init; }

    public TimeSpan Uptime { get; init; }

    public ViewPhase Phase { get; init; }

    /// <summary>Whether the keyboard can be read.</summary>
    public bool Keys { get; init; }

    /// <summary>What <c>q</c> does.</summary>
    public string QuitKey { get; init; } = "quit";

    /// <summary>Whether round trips are measured.</summary>
    public bool RoundTrips { get; init; } = true;

    /// <summary>Where it listens, without <c>/p2p</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<ConnectionRow> Connections { get; init; } = [];

    public Flow Received { get; init; } = Flow.None;

    public Flow Sent { get; init; } = Flow.None;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ViewEvent> Events { get; init; } = [];
}

/// <summary>What does not change while a node runs.</summary>
/// <param name="PeerId">Who it is.</param>
/// <param name="Version">Of this program.</param>
/// <param name="Command">How this program is called.</param>
/// <param name="StartedAt">When it began to listen.</param>
internal sealed record NodeFacts(string PeerId, string Version, string Command, DateTimeOffset StartedAt)
{
    public IReadOnlyList<PluginReport> Plugins { get; init; } = [];
}

internal enum ViewPhase
{
    Running,

    /// <summary>The node runs; what is shown stands still.</summary>
    Paused,

    /// <summary>The node was asked to stop and lets its streams finish.</summary>
    Stopping,
}

/// <summary>Bytes one way.</summary>
/// <param name="Total">Since the start.</param>
/// <param name="PerSecond">Over the last second.</param>
/// <param name="History">Bytes a second, the oldest first.</param>
internal sealed record Flow(long Total, double PerSecond, IReadOnlyList<double> History)
{
    public static readonly Flow None = new(0, 0, []);
}

/// <summary>Something that happened.</summary>
/// <param name="At">When, the last time.</param>
/// <param name="Kind">What it is like.</param>
/// <param name="Text">Cleaned.</param>
/// <param name="Times">How often in a row.</param>
internal sealed record ViewEvent(DateTimeOffset At, ViewEventKind Kind, string Text, int Times = 1);

internal enum ViewEventKind
{
    Plain,
    Opened,
    Closed,

    /// <summary>Something that others do wrong.</summary>
    Refused,

    /// <summary>A log.</summary>
    Warning,

    /// <summary>A log.</summary>
    Error,
}
