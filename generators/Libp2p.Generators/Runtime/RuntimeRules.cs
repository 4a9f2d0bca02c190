namespace Libp2p.Generators.Runtime;

/// <summary>
/// What plugins and the swarm do not touch: time, randomness, continuations and sockets come from <c>NodeRuntime</c> alone, so that a run can be simulated and replayed. The one
/// list for the analyzer, which sees source, and for the architecture test, which sees what was compiled.
/// </summary>
internal static class RuntimeRules
{
    public const string Hops = "LP2P0400";
    public const string Wakes = "LP2P0401";
    public const string Clocks = "LP2P0402";
    public const string Timers = "LP2P0403";
    public const string Randomness = "LP2P0404";
    public const string Network = "LP2P0405";

    private const string Schedule = "NodeRuntime.Scheduler.Schedule, or call the async method and keep its task";
    private const string Completion = "ScheduledCompletion<T> with NodeRuntime.Scheduler";
    private const string Clock = "NodeRuntime.Time";
    private const string Delay = "NodeRuntime.DelayAsync";
    private const string Random = "NodeRuntime.Random";
    private const string Sockets = "NodeRuntime.Network";

    public static IReadOnlyList<RuntimeRule> All { get; } =
    [
        new(Hops, "System.Threading.Tasks.Task", ["Run"], Schedule),
        new(Hops, "System.Threading.Tasks.Task", ["Wait", "WaitAll", "WaitAny"], "await"),

        // On a scheduler that is named it is a hop to where the awaiter belongs.
        new(Hops, "System.Threading.Tasks.TaskFactory", ["StartNew"], Schedule, RuntimeRuleWhen.WithoutTaskScheduler),
        new(Hops, "System.Threading.Tasks.TaskFactory`1", ["StartNew"], Schedule, RuntimeRuleWhen.WithoutTaskScheduler),
        new(Hops, "System.Threading.Tasks.Parallel", [], Schedule),
        new(Hops, "System.Threading.ThreadPool", [], Schedule),
        new(Hops, "System.Threading.Thread", [], Schedule, Except: ["CurrentThread", "ManagedThreadId", "MemoryBarrier"]),
        new(Hops, "System.IO.Pipelines.PipeScheduler", ["ThreadPool"], "NodeRuntime.Scheduler"),

        // What resumes its waiters on the thread pool alone.
        new(Wakes, "System.Threading.Tasks.TaskCompletionSource", [".ctor"], Completion),
        new(Wakes, "System.Threading.Tasks.TaskCompletionSource`1", [".ctor"], Completion),
        new(Wakes, "System.Threading.SemaphoreSlim", [".ctor", "Wait", "WaitAsync"], "ScheduledSemaphore with NodeRuntime.Scheduler"),
        new(Wakes, "System.Threading.Channels.Channel", [], "a bounded queue and ScheduledCompletion<T>"),
        new(Wakes, "System.Threading.Tasks.Task", ["Yield"], "NodeRuntime.Scheduler.Yield()"),
        new(Wakes, "System.Threading.Tasks.Task", ["ContinueWith"], "await"),
        new(Wakes, "System.Threading.Tasks.Task`1", ["ContinueWith"], "await"),
        new(Wakes, "System.Threading.CancellationTokenSource", ["CancelAsync"], "CancellationTokenSource.Cancel"),

        new(Clocks, "System.DateTime", ["Now", "UtcNow", "Today"], Clock + ".GetUtcNow()"),
        new(Clocks, "System.DateTimeOffset", ["Now", "UtcNow"], Clock + ".GetUtcNow()"),
        new(Clocks, "System.Diagnostics.Stopwatch", [], Clock + ".GetTimestamp()"),
        new(Clocks, "System.Environment", ["TickCount", "TickCount64"], Clock + ".GetTimestamp()"),
        new(Clocks, "System.TimeProvider", ["System"], Clock),

        // Even with a clock: given up, Task.Delay resumes on the thread pool.
        new(Timers, "System.Threading.Tasks.Task", ["Delay"], Delay),
        new(Timers, "System.Threading.Thread", ["Sleep"], Delay),
        new(Timers, "System.Threading.Timer", [".ctor"], Clock + ".CreateTimer"),
        new(Timers, "System.Timers.Timer", [], Clock + ".CreateTimer"),
        new(Timers, "System.Threading.Tasks.Task", ["WaitAsync"], "the overload that takes NodeRuntime.Time", RuntimeRuleWhen.TimeWithoutClock),
        new(Timers, "System.Threading.Tasks.Task`1", ["WaitAsync"], "the overload that takes NodeRuntime.Time", RuntimeRuleWhen.TimeWithoutClock),
        new(Timers, "System.Threading.CancellationTokenSource", [".ctor"], "the overload that takes NodeRuntime.Time", RuntimeRuleWhen.TimeWithoutClock),
        new(Timers, "System.Threading.CancellationTokenSource", ["CancelAfter"], "new CancellationTokenSource(delay, NodeRuntime.Time)"),
        new(Timers, "System.Threading.PeriodicTimer", [".ctor"], "the overload that takes NodeRuntime.Time", RuntimeRuleWhen.TimeWithoutClock),

        new(Randomness, "System.Random", [], Random),
        new(Randomness, "System.Security.Cryptography.RandomNumberGenerator", [], Random),
        new(Randomness, "Libp2p.RandomSource", ["System"], Random),
        new(Randomness, "System.Guid", ["NewGuid", "CreateVersion7"], Random),

        new(Network, "System.Net.Sockets.Socket", [], Sockets),
        new(Network, "System.Net.Sockets.TcpClient", [], Sockets),
        new(Network, "System.Net.Sockets.TcpListener", [], Sockets),
        new(Network, "System.Net.Sockets.UdpClient", [], Sockets),
        new(Network, "System.Net.Sockets.NetworkStream", [], Sockets),
        new(Network, "System.Net.Dns", [], Sockets),
        new(Network, "DnsClient.LookupClient", [], Sockets + ".ResolveTextAsync"),
        new(Network, "System.Net.NetworkInformation.NetworkInterface", [], Sockets + ".GetLocalAddresses()"),
        new(Network, "System.Net.NetworkInformation.NetworkChange", [], Sockets),
        new(Network, "System.Net.NetworkInformation.Ping", [], Sockets),
    ];

    /// <summary>The swarm's own exceptions: an outermost type, the types it may use, and why. Authors of plugins suppress the diagnostic at the line, with their reason.</summary>
    public static IReadOnlyList<RuntimeException> Exceptions { get; } =
    [
        new("Libp2p.Swarm.SystemNetwork", ["System.Net.Sockets.Socket", "System.Net.NetworkInformation.NetworkInterface", "System.TimeProvider"],
            "The operating system's network behind INetwork; its accept loop paces itself by the clock it is given, the system's if none."),
        new("Libp2p.Swarm.SystemNames", ["System.Net.Dns", "System.IO.Pipelines.PipeScheduler"], "The names of SystemNetwork, which knows no scheduler: who waits for a place goes on as after an answer of the system."),
        new("Libp2p.Swarm.NameServerClient", ["DnsClient.LookupClient", "System.Security.Cryptography.RandomNumberGenerator"], "Asks name servers for SystemNames; what a stranger must not guess is drawn by the system."),
        new("Libp2p.Swarm.SystemStreamSocket", ["System.Net.Sockets.Socket"], "A socket behind IStreamSocket."),
        new("Libp2p.Swarm.SystemStreamSocketListener", ["System.Net.Sockets.Socket", "System.Threading.Tasks.Task"], "A socket behind IStreamSocketListener; it pauses where descriptors have run out."),
        new("Libp2p.Swarm.SystemDatagramSocket", ["System.Net.Sockets.Socket", "System.Net.NetworkInformation.NetworkInterface"], "A socket behind IDatagramSocket; a multicast group is joined on an interface."),
        new("Libp2p.Swarm.SocketAcceptor", ["System.Net.Sockets.Socket"], "Accepts for SystemStreamSocketListener."),
        new("Libp2p.Swarm.GatherSend", ["System.Net.Sockets.Socket"], "Sends pieces for SystemStreamSocket."),
        new("Libp2p.Swarm.PortSharing", ["System.Net.Sockets.Socket"], "Lets dials leave from a listening port."),
    ];

    /// <summary>The rule that a use breaks; null: none.</summary>
    public static RuntimeRule? Find(string type, string member, IReadOnlyList<string> parameters) => All.FirstOrDefault(rule => rule.Forbids(type, member, parameters));

    /// <param name="caller">The full name of the outermost type that uses it.</param>
    /// <param name="type">The full name of the type that is used.</param>
    public static bool IsExcepted(string caller, string type) => Exceptions.Any(exception => exception.Caller == caller && exception.Types.Contains(type));
}

/// <summary>Who may, and why.</summary>
internal sealed record RuntimeException(string Caller, string[] Types, string Reason);
