using System.Diagnostics;

namespace Libp2p.Swarm.Upgrading;

/// <summary>An activity whose events tell its steps. Stamped by the node's clock, from its start on by elapsed time: no correction of the time of day comes between.</summary>
internal sealed class TracedSteps : IDisposable
{
    private readonly Activity _activity;
    private readonly TimeProvider _time;
    private readonly long _started;

    private TracedSteps(Activity activity, TimeProvider time)
    {
        _activity = activity;
        _time = time;
        _started = time.GetTimestamp();
        activity.SetStartTime(time.GetUtcNow().UtcDateTime);
        activity.Start();
    }

    private DateTimeOffset Now => new DateTimeOffset(_activity.StartTimeUtc, TimeSpan.Zero) + _time.GetElapsedTime(_started);

    /// <summary>Null: nobody listens, and nothing was made.</summary>
    /// <param name="name">Of the activity.</param>
    /// <param name="time">The node's clock.</param>
    /// <param name="parent">What it is part of, where that does not flow here; default: what flows here.</param>
    public static TracedSteps? Start(string name, TimeProvider time, ActivityContext parent = default) =>
        SwarmMetrics.Activities.HasListeners() && SwarmMetrics.Activities.CreateActivity(name, ActivityKind.Internal, parent) is { } activity ? new TracedSteps(activity, time) : null;

    public void Tag(string name, string value) => _activity.SetTag(name, value);

    /// <summary>A step is done.</summary>
    public void Done(string step, string tag, string value) => Done(step, new ActivityTagsCollection { [tag] = value });

    /// <summary>A step is done.</summary>
    public void Done(string step, ActivityTagsCollection? tags = null) => _activity.AddEvent(new ActivityEvent(step, Now, tags));

    public void Failed(string why) => _activity.SetStatus(ActivityStatusCode.Error, why);

    public void Dispose()
    {
        _activity.SetEndTime(Now.UtcDateTime);
        _activity.Dispose();
    }
}
