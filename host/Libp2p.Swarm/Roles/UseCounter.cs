using System.IO.Pipelines;

namespace Libp2p.Swarm.Roles;

/// <summary>Counts who uses something, so that it can be taken away once nobody does. Thread-safe.</summary>
internal sealed class UseCounter(PipeScheduler scheduler)
{
    private readonly Lock _gate = new();
    private ScheduledCompletion<bool>? _idle;
    private int _uses;
    private bool _closed;

    /// <summary>How many use it now.</summary>
    public int Uses
    {
        get
        {
            lock (_gate) return _uses;
        }
    }

    /// <summary>Begins a use; false once closed.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _uses++;
            return true;
        }
    }

    /// <summary>Ends a use.</summary>
    public void Exit()
    {
        ScheduledCompletion<bool>? idle;
        lock (_gate)
        {
            if (--_uses > 0) return;
            idle = _idle;
        }

        idle?.TrySetResult(true);
    }

    /// <summary>Admits no new use; the task completes once the last has ended.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_uses == 0) return Task.CompletedTask;
            _idle ??= new ScheduledCompletion<bool>(scheduler);
            return _idle.Task;
        }
    }
}
