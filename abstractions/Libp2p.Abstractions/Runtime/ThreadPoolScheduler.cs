using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// The thread pool, without flowing the execution context: async methods restore their own, and the pool then queues them as they are, while
/// <see cref="PipeScheduler.ThreadPool"/> allocates a work item for every hop.
/// </summary>
internal sealed class ThreadPoolScheduler : PipeScheduler
{
    public static ThreadPoolScheduler Instance { get; } = new();

    public override void Schedule(Action<object?> action, object? state) => System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
}
