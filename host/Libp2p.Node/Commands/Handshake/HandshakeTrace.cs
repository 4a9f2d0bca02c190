using System.Collections.Concurrent;
using System.Diagnostics;
using Libp2p.Swarm;

namespace Libp2p.Node.Commands.Handshake;

/// <summary>Listens to what the swarm traces of dials (<see cref="DialTrace"/>), and makes steps of it.</summary>
internal sealed class HandshakeTrace : IDisposable
{
    private readonly ConcurrentQueue<Activity> _activities = new(); // as many as addresses are dialed, which the swarm bounds
    private readonly ActivityListener _listener;

    public HandshakeTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Telemetry.ActivitySourceName,
            Sample = static (ref options) => options.Name is DialTrace.DialActivity or DialTrace.UpgradeActivity ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Whether the muxer was agreed on within the security handshake; null: there was no muxer to agree on.</summary>
    public bool? EarlyMuxer => Won is { } dial && UpgradeOf(dial) is { } upgrade
        ? upgrade.Events.FirstOrDefault(e => e.Name == DialTrace.MuxerAgreed).Tags?.FirstOrDefault(t => t.Key == DialTrace.Early).Value as bool?
        : null;

    private Activity? Won => _activities.FirstOrDefault(a => a.OperationName == DialTrace.DialActivity && a.Status != ActivityStatusCode.Error);

    /// <summary>The steps of the dial that connected; else of the one that came furthest, the last step with its error. Empty: nothing was dialed.</summary>
    public IReadOnlyList<HandshakeStep> Steps()
    {
        var dial = Won ?? _activities.Where(a => a.OperationName == DialTrace.DialActivity).MaxBy(a => UpgradeOf(a)?.Events.Count() ?? -1);
        return dial is null ? [] : StepsOf(dial, UpgradeOf(dial));
    }

    public void Dispose() => _listener.Dispose();

    private Activity? UpgradeOf(Activity dial) => _activities.FirstOrDefault(a => a.OperationName == DialTrace.UpgradeActivity && a.ParentSpanId == dial.SpanId);

    private static List<HandshakeStep> StepsOf(Activity dial, Activity? upgrade)
    {
        var start = dial.StartTimeUtc;
        var at = (upgrade?.StartTimeUtc ?? start + dial.Duration) - start;
        var steps = new List<HandshakeStep> { new(HandshakeStep.Names.Connect, TimeSpan.Zero, Positive(at), upgrade is null ? dial.StatusDescription : null) };
        if (upgrade is null) return steps;
        foreach (var done in upgrade.Events)
        {
            if (NameOf(done.Name) is not { } name) continue;
            Add(name, done.Timestamp.UtcDateTime - start, null);
        }

        if (upgrade.Status == ActivityStatusCode.Error) Add(After(steps[^1].Name), upgrade.StartTimeUtc + upgrade.Duration - start, upgrade.StatusDescription);
        return steps;

        void Add(string name, TimeSpan end, string? error)
        {
            steps.Add(new HandshakeStep(name, at, Positive(end - at), error));
            at = end;
        }
    }

    /// <summary>The step that ends with an event; null: none does. The muxer's ends once it runs.</summary>
    private static string? NameOf(string done) => done switch
    {
        DialTrace.Protected => HandshakeStep.Names.Protect,
        DialTrace.SecurityAgreed => HandshakeStep.Names.Security,
        DialTrace.Secured => HandshakeStep.Names.Handshake,
        DialTrace.Muxed => HandshakeStep.Names.Muxer,
        _ => null,
    };

    private static string After(string step) => step switch
    {
        HandshakeStep.Names.Connect or HandshakeStep.Names.Protect => HandshakeStep.Names.Security,
        HandshakeStep.Names.Security => HandshakeStep.Names.Handshake,
        _ => HandshakeStep.Names.Muxer,
    };

    /// <summary>The two activities stamp by the time of day where they begin; a correction of it may come between.</summary>
    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
