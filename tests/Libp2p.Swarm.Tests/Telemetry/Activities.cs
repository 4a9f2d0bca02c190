using System.Collections.Concurrent;
using System.Diagnostics;

namespace Libp2p.Swarm.Tests.Telemetry;

/// <summary>What is traced while it lives, by other tests too.</summary>
internal sealed class Activities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Activities(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Libp2p.Telemetry.ActivitySourceName || sources.Contains(source.Name),
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> Ended => _ended;

    public Activity Single(string name, PeerId peer) => Ended.Single(activity => activity.OperationName == name && peer.ToString().Equals(activity.GetTagItem(DialTrace.Peer)));

    public void Dispose() => _listener.Dispose();
}
