using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

/// <summary>
/// What plugins and the swarm do not touch: time, randomness, continuations and sockets come from <see cref="NodeRuntime"/> alone, so that a run can be simulated
/// and replayed.
/// </summary>
public static class BannedApis
{
    private const string Provider = "System.TimeProvider";

    /// <summary>Who may, and why. Callers are outermost types.</summary>
    public static IReadOnlyDictionary<string, string[]> Exceptions { get; } = new Dictionary<string, string[]>
    {
        // The operating system's sockets behind INetwork are where sockets end; its accept loop paces itself by the clock it is given, the system's if none.
        ["Libp2p.Swarm.SystemNetwork"] = ["System.Net.Sockets.Socket", "System.Net.Dns", Provider],
        ["Libp2p.Swarm.SystemDatagramSocket"] = ["System.Net.Sockets.Socket"],
        ["Libp2p.Swarm.SystemStreamSocket"] = ["System.Net.Sockets.Socket"],
        ["Libp2p.Swarm.SystemStreamSocketListener"] = ["System.Net.Sockets.Socket", "System.Threading.Tasks.Task"],
        ["Libp2p.Swarm.SocketAcceptor"] = ["System.Net.Sockets.Socket"],
        ["Libp2p.Swarm.GatherSend"] = ["System.Net.Sockets.Socket"],
        ["Libp2p.Swarm.PortSharing"] = ["System.Net.Sockets.Socket"],
    };

    /// <summary>The uses that break the rule.</summary>
    public static IEnumerable<Use> Broken(AssemblyFacts assembly) => assembly.Uses.Where(static use => IsBanned(use) && !IsExcepted(use));

    public static bool IsBanned(Use use) => (use.Type, use.Member) switch
    {
        ("System.Threading.ThreadPool" or "System.Threading.Thread", not "get_CurrentThread" and not "get_ManagedThreadId" and not "MemoryBarrier") => true,
        ("System.Threading.Tasks.Task", "Run" or "Wait") => true,
        // On a scheduler that is named it is a hop to where the awaiter belongs.
        ("System.Threading.Tasks.TaskFactory", "StartNew") => !use.Parameters.Contains("System.Threading.Tasks.TaskScheduler"),
        ("System.IO.Pipelines.PipeScheduler", "get_ThreadPool") => true,
        // What resumes its waiters on the thread pool alone: ScheduledCompletion, ScheduledSemaphore and Yield go by the runtime's scheduler.
        ("System.Threading.Tasks.TaskCompletionSource" or "System.Threading.Tasks.TaskCompletionSource`1", ".ctor") => true,
        ("System.Threading.SemaphoreSlim", "WaitAsync") or ("System.Threading.Channels.Channel", _) => true,
        ("System.Threading.Tasks.Task", "Yield" or "ContinueWith") or ("System.Threading.CancellationTokenSource", "CancelAsync") => true,
        ("System.DateTime", "get_Now" or "get_UtcNow" or "get_Today") or ("System.DateTimeOffset", "get_Now" or "get_UtcNow") => true,
        ("System.Diagnostics.Stopwatch", _) or ("System.Environment", "get_TickCount" or "get_TickCount64") or (Provider, "get_System") => true,
        ("System.Threading.Timer", ".ctor") => true,
        // Even with a clock: given up, it resumes on the thread pool; NodeRuntime.DelayAsync does not.
        ("System.Threading.Tasks.Task", "Delay") => true,
        ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", "WaitAsync") => TakesTimeWithoutAClock(use),
        ("System.Threading.CancellationTokenSource" or "System.Threading.PeriodicTimer", ".ctor") => TakesTimeWithoutAClock(use),
        ("System.Random", _) or ("System.Security.Cryptography.RandomNumberGenerator", _) or ("Libp2p.RandomSource", "get_System") => true,
        ("System.Guid", "NewGuid" or "CreateVersion7") => true,
        ("System.Net.Sockets.Socket" or "System.Net.Sockets.TcpClient" or "System.Net.Sockets.TcpListener" or "System.Net.Sockets.UdpClient" or "System.Net.Sockets.NetworkStream", _) => true,
        ("System.Net.Dns", _) => true,
        _ => false,
    };

    private static bool TakesTimeWithoutAClock(Use use) =>
        use.Parameters.Any(static type => type is "System.TimeSpan" or "Int32") && !use.Parameters.Contains(Provider);

    private static bool IsExcepted(Use use) => Exceptions.TryGetValue(use.Caller, out var types) && types.Contains(use.Type);
}
