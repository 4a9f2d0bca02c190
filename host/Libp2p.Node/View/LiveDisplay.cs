using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Libp2p.Node.Output;
using Microsoft.Extensions.Logging;

namespace Libp2p.Node.View;

/// <summary>
/// The live view on the terminal. Whatever ends the process in an orderly way (a signal, an exception nobody caught) gives the terminal back first; suspending
/// (Ctrl+Z) gives it back for the while. Should the view itself fail, lines go on in its place.
/// </summary>
/// <param name="settings">How the program was called.</param>
/// <param name="measureEvery">How often round trips are measured; zero: never.</param>
/// <param name="withErrors">Whether logs also go to standard error, which is not the terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveDisplay(Settings settings, TimeSpan measureEvery, bool withErrors, TimeProvider time) : IRunDisplay
{
    /// <summary>How long a terminal that takes nothing (Ctrl+S) is waited for at the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How many of the last warnings are repeated at the end.</summary>
    private const int RepeatedWarnings = 5;

    private readonly ViewEvents _events = new(time);
    private readonly Screen _screen = new(Console.OpenStandardOutput(), Terminal.Colors());
    private readonly List<IDisposable> _signals = [];
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
        var view = new LiveView(() => NodeSnapshot.Of(running, roundTrips), new ViewState(Facts(running), time), _events, _screen, Terminal.Size, time)
        {
            Keys = !Console.IsInputRedirected,
            Quit = running.Stop,
            Stopping = () => stopping.IsCancellationRequested,
        };
        var following = _events.FollowAsync(events);
        var measuring = roundTrips?.RunAsync(stopping) ?? Task.CompletedTask;
        using var woken = stopping.UnsafeRegister(_ => view.Wake(), null);
        using var patience = new CancellationTokenSource();
        using var impatient = until.UnsafeRegister(_ => patience.CancelAfter(Patience), null);
        try
        {
            Enter(view);

            // On a thread of its own: whoever waits below must not hang on a terminal that takes nothing.
            await Task.Run(() => view.RunAsync(until), CancellationToken.None).WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Leave();
            GoOnWithLines(running, failure);
        }

        await following.ConfigureAwait(false);
        await measuring.ConfigureAwait(false);
    }

    public void Stopped(RunningNode running)
    {
        Leave();
        foreach (var warning in Warnings().TakeLast(RepeatedWarnings)) Console.Error.WriteLine(warning);
        Console.WriteLine($"peer id    {running.Node.PeerId}");
        Console.WriteLine($"ran        {TerminalText.Span(running.Uptime)}, {_events.ConnectionsOpened} connections");
        Console.WriteLine($"bytes      {TerminalText.Bytes(running.Traffic.Received)} received, {TerminalText.Bytes(running.Traffic.Sent)} sent");
        Console.WriteLine("stopped");
    }

    public void Dispose()
    {
        Leave();

        // The node did not start: what it had to say is told before the error itself.
        if (_shown || withErrors) return;
        _shown = true;
        foreach (var warning in Warnings()) Console.Error.WriteLine(warning);
    }

    private IEnumerable<string> Warnings() =>
        from happened in _events.Snapshot()
        where happened.Kind is ViewEventKind.Warning or ViewEventKind.Error
        select $"{happened.At:HH:mm:ss} {happened.Text}";

    private void Enter(LiveView view)
    {
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = Encoding.UTF8;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        if (!OperatingSystem.IsWindows())
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => view.Wake()));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ =>
            {
                _screen.Leave();
                Terminal.Suspend();
            }));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
            {
                // Not where it goes on in the background: the terminal is another's now.
                if (Terminal.IsForeground()) _screen.Enter();
                view.Wake();
            }));
        }

        if (view.Keys) Keyboard.Start(view.Press);
        _screen.Enter();
    }

    private void Leave()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        foreach (var signal in _signals) signal.Dispose();
        _signals.Clear();
        _screen.Leave();
    }

    private void OnEnd(object? sender, EventArgs e) => _screen.Leave();

    /// <summary>A view that fails takes nothing else with it.</summary>
    private void GoOnWithLines(RunningNode running, Exception failure)
    {
        if (failure is IOException) return; // There is no terminal any more.
        Console.Error.WriteLine($"libp2p: the view failed ({failure.GetType().Name}: {TerminalText.Clean(failure.Message)}); lines go on in its place.");
        Banner.Print(running.Hosted, settings, Console.Out);
        _events.Added += happened => Console.WriteLine(happened.Text);
    }

    private static NodeFacts Facts(RunningNode running)
    {
        var version = typeof(LiveDisplay).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        return new NodeFacts(running.Node.PeerId.ToString(), version, Banner.Self, running.StartedAt) { Plugins = running.Hosted.Plugins };
    }
}
