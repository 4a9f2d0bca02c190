namespace Libp2p.Swarm.Resources;

/// <content>How full the budgets are.</content>
internal sealed partial class ResourceGovernor
{
    private int _stage; // the pressure last told

    /// <summary>Told when the pressure changed, and at every connection while it is at its highest. Called by whoever reserved; must return at once. Set once.</summary>
    public Action<ResourcePressure, bool>? PressureMoved { get; set; }

    /// <inheritdoc cref="IResourceGovernor.Pressure"/>
    public ResourcePressure Pressure
    {
        get
        {
            var bytes = StageOf(Reserved, _nodeLimits.Bytes);
            var descriptors = StageOf(Descriptors, _maxDescriptors);
            var connections = StageOf(Connections, _maxConnections);
            return (ResourcePressure)Math.Max(bytes, Math.Max(descriptors, connections));
        }
    }

    /// <summary>More is in use: the pressure may have risen.</summary>
    public void Rising() => Look();

    /// <summary>Less is in use: the pressure may have fallen.</summary>
    public void Falling()
    {
        if (Volatile.Read(ref _stage) > 0) Look();
    }

    private void Look()
    {
        var now = (int)Pressure;
        var before = Interlocked.Exchange(ref _stage, now);
        if (before != now) _nodeLimits.Alarm = now >= (int)ResourcePressure.Evict ? long.MaxValue : AlarmAt(_nodeLimits.Bytes, (ResourcePressure)(now + 1));
        if (before != now || now == (int)ResourcePressure.Evict) PressureMoved?.Invoke((ResourcePressure)now, before != now);
    }

    /// <summary>From how many of so many on the pressure has a stage.</summary>
    private static long AlarmAt(long limit, ResourcePressure stage) => limit / 10 * (2 + (2 * (int)stage));

    private static int StageOf(long used, long limit)
    {
        var tenth = Math.Max(1, limit / 10);
        return used >= 8 * tenth ? 3 : used >= 6 * tenth ? 2 : used >= 4 * tenth ? 1 : 0;
    }
}
