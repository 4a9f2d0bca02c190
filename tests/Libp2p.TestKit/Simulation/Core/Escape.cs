using System.Diagnostics;

namespace Libp2p.TestKit;

/// <summary>Names the place where something on another thread used what belongs to a simulation.</summary>
internal static class Escape
{
    private const string Rule =
        "In what the simulation runs, nothing may hop to the thread pool: no Task.Run, Task.Yield, Task.Delay without a TimeProvider, SemaphoreSlim.WaitAsync, Channel, CancelAsync, or " +
        "TaskCompletionSource with RunContinuationsAsynchronously; ScheduledCompletion, ScheduledSemaphore and Scheduler.Yield take their place. (Of assertions, xunit's Assert.ThrowsAsync " +
        "stays; Shouldly's ThrowAsync hops. Of a task that several await directly, all but one hop.)";

    /// <summary>The caller is on another thread.</summary>
    public static SimulationException Here()
    {
        var trace = new StackTrace(skipFrames: 1, fNeedFileInfo: true);
        var site = trace.GetFrames().FirstOrDefault(static frame => !IsOurs(frame)) is { } frame ? Describe(frame) : "an unknown place";
        return new SimulationException($"a continuation left the simulation: {site} ran on another thread. {Rule}{Environment.NewLine}{trace}");
    }

    /// <summary>The test's body came to its end on another thread.</summary>
    public static SimulationException OfBody() => new($"a continuation left the simulation: the end of the test's body ran on another thread. {Rule}");

    /// <summary>The simulation's own frames, the runtime's, and those of what hops in its place.</summary>
    private static bool IsOurs(StackFrame frame)
    {
        if (Outermost(frame) is not { Namespace: { } space } type) return true;
        if (space.StartsWith("System", StringComparison.Ordinal)) return true;
        if (type.Assembly == typeof(Escape).Assembly) return !type.IsPublic || type == typeof(Simulation) || type == typeof(SimulatedHost);
        return type == typeof(ScheduledSemaphore) || type == typeof(SchedulerYield) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ScheduledCompletion<>));
    }

    private static Type? Outermost(StackFrame frame)
    {
        var type = frame.GetMethod()?.DeclaringType;
        while (type?.DeclaringType is { } outer) type = outer;
        return type;
    }

    private static string Describe(StackFrame frame)
    {
        // An async method's frame is MoveNext of a type named after it: <Name>d__7.
        var method = frame.GetMethod()!;
        var name = method.DeclaringType!.Name is { } nested && nested.StartsWith('<') ? nested[1..nested.IndexOf('>', StringComparison.Ordinal)] : method.Name;
        var file = frame.GetFileName() is { } path ? $" ({Path.GetFileName(path)}:{frame.GetFileLineNumber()})" : "";
        return $"{Outermost(frame)!.FullName}.{(name.Length == 0 ? method.Name : name)}{file}";
    }
}
