using System.IO.Pipelines;

namespace Libp2p.Abstractions.Tests.Runtime;

/// <summary>A scheduler that runs what was scheduled when the test says so, one after the other.</summary>
internal sealed class HeldScheduler : PipeScheduler
{
    private readonly Queue<Action> _hops = new();

    public int Count => _hops.Count;

    public override void Schedule(Action<object?> action, object? state) => _hops.Enqueue(() => action(state));

    public void RunAll()
    {
        while (_hops.TryDequeue(out var hop)) hop();
    }
}
