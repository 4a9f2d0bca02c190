using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Libp2p.Pipes;

/// <summary>
/// The reusable half of a value task source: one waiter, one completer, no allocation. Continuations run on the scheduler given; the runtime's own state
/// machines are passed to it as they are, which the thread pool queues without wrapping them.
/// </summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly. <see cref="Reset"/> only between a result taken and the next wait.</remarks>
internal struct Waiter
{
    private static readonly Action<object?> Completed = static _ => throw new InvalidOperationException();

    private Action<object?>? _continuation;
    private object? _state;
    private object? _context;
    private short _version;

    /// <summary>The token of the current wait.</summary>
    public readonly short Version => _version;

    /// <summary>Begins a new wait.</summary>
    public void Reset()
    {
        _version++;
        _state = null;
        _context = null;
        Volatile.Write(ref _continuation, null);
    }

    /// <summary>Ends the wait; the continuation, if there is one, is scheduled. More than once is fine.</summary>
    public void Complete(PipeScheduler scheduler)
    {
        var continuation = Interlocked.Exchange(ref _continuation, Completed);
        if (continuation is not null && !ReferenceEquals(continuation, Completed))
        {
            Invoke(continuation, _state, _context, scheduler);
        }
    }

    /// <summary>For <see cref="IValueTaskSource"/>.</summary>
    public readonly ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return ReferenceEquals(_continuation, Completed) ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    /// <summary>For <see cref="IValueTaskSource"/>.</summary>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags, PipeScheduler scheduler)
    {
        Check(token);
        object? context = null;
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
        {
            context = SynchronizationContext.Current is { } current && current.GetType() != typeof(SynchronizationContext) ? current
                : TaskScheduler.Current != TaskScheduler.Default ? TaskScheduler.Current
                : null;
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0 && ExecutionContext.Capture() is { } execution)
        {
            continuation = Flow(continuation, execution);
        }

        _state = state;
        _context = context;
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is { } before)
        {
            if (!ReferenceEquals(before, Completed))
            {
                throw new InvalidOperationException("Only one may wait at a time.");
            }

            Invoke(continuation, state, context, scheduler);
        }
    }

    /// <summary>Throws where the token is that of another wait.</summary>
    public readonly void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("A value task was used after its result was taken.");
        }
    }

    /// <summary>For awaiters that do not flow the execution context by themselves, which is rare: costs a closure.</summary>
    private static Action<object?> Flow(Action<object?> continuation, ExecutionContext execution) =>
        state => ExecutionContext.Run(execution, new ContextCallback(continuation), state);

    private static void Invoke(Action<object?> continuation, object? state, object? context, PipeScheduler scheduler)
    {
        switch (context)
        {
            case SynchronizationContext synchronization:
                synchronization.Post(static pair =>
                {
                    var (continuation, state) = ((Action<object?>, object?))pair!;
                    continuation(state);
                }, (continuation, state));
                break;
            case TaskScheduler tasks:
                Task.Factory.StartNew(continuation, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, tasks);
                break;
            default:
                scheduler.Schedule(continuation, state);
                break;
        }
    }
}
