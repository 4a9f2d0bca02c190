using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>How a worker process came to its end.</summary>
internal enum WorkerEnd
{
    /// <summary>It ran what it was to run.</summary>
    Done,

    /// <summary>Something went wrong outside of any input, and it said what.</summary>
    Failed,

    /// <summary>Somebody ended it: no fault of its input.</summary>
    Stopped,

    /// <summary>Its input takes too long.</summary>
    Hang,

    /// <summary>Its input ended it.</summary>
    Crash,
}

/// <summary>What exit codes say.</summary>
internal static class WorkerEnds
{
    // 128 and the number of a signal, of which SIGINT and SIGTERM come from a person or a shell. SIGKILL comes from the kernel too, where an input takes all memory.
    private const int Interrupted = 130;
    private const int Terminated = 143;

    public static WorkerEnd Of(int exitCode) => exitCode switch
    {
        0 => WorkerEnd.Done,
        1 => WorkerEnd.Failed,
        Interrupted or Terminated => WorkerEnd.Stopped,
        FuzzLoop.HangExitCode => WorkerEnd.Hang,
        _ => WorkerEnd.Crash,
    };
}
