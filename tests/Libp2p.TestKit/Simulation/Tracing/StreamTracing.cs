using System.Diagnostics;

namespace Libp2p.TestKit;

/// <summary>A stream was handled to its end.</summary>
/// <param name="Host">Whose handler it was.</param>
/// <param name="Protocol">What was agreed on.</param>
/// <param name="Since">When the handler began, in virtual time.</param>
public sealed record StreamHandledEvent(string? Host, string Protocol, TimeSpan Since) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => string.Create(null, $"stream {Protocol} since {Since.TotalSeconds:0.0000000}");
}

/// <summary>Hears of streams where the swarm tells everybody: by its activities. Those of other threads, which are in no simulation, it leaves alone.</summary>
internal static class StreamTracing
{
    private const string Handle = "libp2p.stream.handle";

    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = static source => source.Name == Telemetry.ActivitySourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
            options.Name == Handle && Simulation.Current is { Trace.Detail: >= TraceDetail.Connections } ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
        ActivityStarted = static activity =>
        {
            if (Simulation.Current is { } simulation) activity.SetCustomProperty(nameof(Begin), new Begin(simulation.Loop.Running?.Name, simulation.Now));
        },
        ActivityStopped = static activity =>
        {
            if (Simulation.Current is { } simulation && activity.GetCustomProperty(nameof(Begin)) is Begin begin)
            {
                simulation.Trace.Add(new StreamHandledEvent(begin.Host, activity.GetTagItem("libp2p.protocol") as string ?? "?", begin.At));
            }
        },
    };

    static StreamTracing() => ActivitySource.AddActivityListener(Listener);

    /// <summary>Listens from the first simulation of the process on.</summary>
    public static void Start()
    {
    }

    private sealed record Begin(string? Host, TimeSpan At);
}
