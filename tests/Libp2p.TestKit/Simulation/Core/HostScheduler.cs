using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>Where the continuations of a host run: on the loop, while the host lives.</summary>
internal sealed class HostScheduler(EventLoop loop, Life owner) : PipeScheduler
{
    public override void Schedule(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        loop.Post(owner, action, state);
    }
}
