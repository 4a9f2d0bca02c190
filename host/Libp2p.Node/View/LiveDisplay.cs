using Libp2p.Node.Output;
using Microsoft.Extensions.Logging;

namespace Libp2p.Node.View;

/// <summary>
/// The live view on the terminal, and a few lines that stay when it ends. Logs at warning and above are part of it. Should the view itself fail, lines go on in its place.
/// </summary>
/// <param name="settings">How the program was called.</param>
/// <param name="measureEvery">How often round trips are measured; zero: never.</param>
/// <param name="withErrors">Whether logs also go to standard error, which is not the terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveDisplay(Settings settings, TimeSpan measureEvery, bool withErrors, TimeProvider time) : IRunDisplay
{
    /// <summary>How many of the last warnings are repeated at the end.</summary>
    private const int RepeatedWarnings = 5;

    private readonly ViewEvents _events = new(time);
    private readonly ViewTerminal _terminal = new();
    private bool _shown;

    public void Configure(ILoggingBuilder logging)
    {
        logging.AddProvider(new ViewLoggerProvider(_events));
        if (withErrors) NodeComposition.LogToErrors(logging);
    }

    public async Task ShowAsync(RunningNode running, IAsyncEnumerable<NodeEvent> events, CancellationToken stopping, CancellationToken until)
    {
        _shown = true;
        var roundTrips = measureEvery > TimeSpan.Zero ? new RoundTrips(running.Node, measureEvery, time) : null;
        var view = new LiveView(_ => ValueTask.FromResult(NodeSnapshot.Of(running, roundTrips)), new ViewState(Facts(running), time), _events, _terminal.Screen, Terminal.Size, time)
        {
            Keys = !Console.IsInputRedirected,
            RoundTrips = roundTrips is not null,
            Quit = running.Stop,
            Stopping = () => stopping.IsCancellationRequested,
        };
        var following = _events.FollowAsync(events);
        var measuring = roundTrips?.RunAsync(stopping) ?? Task.CompletedTask;
        using var woken = stopping.UnsafeRegister(_ => view.Wake(), null);
        try
        {
            await _terminal.ShowAsync(view, until).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            GoOnWithLines(running, failure);
        }

        await following.ConfigureAwait(false);
        await measuring.ConfigureAwait(false);
    }

    public void Stopped(RunningNode running)
    {
        foreach (var warning in Warnings().TakeLast(RepeatedWarnings)) Console.Error.WriteLine(warning);
        Console.WriteLine($"peer id    {running.Node.PeerId}");
        Console.WriteLine($"ran        {TerminalText.Span(running.Uptime)}, {_events.ConnectionsOpened} {(_events.ConnectionsOpened == 1 ? "connection" : "connections")}");
        Console.WriteLine($"bytes      {TerminalText.Bytes(running.Traffic.Received)} received, {TerminalText.Bytes(running.Traffic.Sent)} sent");
        Console.WriteLine("stopped");
    }

    public void Dispose()
    {
        _terminal.Dispose();

        // The node did not start: what it had to say is told before the error itself.
        if (_shown || withErrors) return;
        _shown = true;
        foreach (var warning in Warnings()) Console.Error.WriteLine(warning);
    }

    private IEnumerable<string> Warnings() =>
        from happened in _events.Snapshot()
        where happened.Kind is ViewEventKind.Warning or ViewEventKind.Error
        select $"{happened.At:HH:mm:ss} {happened.Text}";

    /// <summary>A view that fails takes nothing else with it.</summary>
    private void GoOnWithLines(RunningNode running, Exception failure)
    {
        if (failure is IOException) return; // There is no terminal any more.
        Console.Error.WriteLine($"libp2p: the view failed ({failure.GetType().Name}: {TerminalText.Clean(failure.Message)}); lines go on in its place.");
        Banner.Print(running.Hosted, settings, Console.Out);
        _events.Added += happened => Console.WriteLine(happened.Text);
    }

    private static NodeFacts Facts(RunningNode running) =>
        new NodeFacts(running.Node.PeerId.ToString(), RunningNode.Version, Banner.Self, running.StartedAt) { Plugins = running.Hosted.Plugins };
}
