using System.Runtime.InteropServices;
using System.Text;

namespace Libp2p.Node.View;

/// <summary>
/// The terminal of this process, lent to a view. Whatever ends the process in an orderly way (a signal, an exception nobody caught) gives it back first; suspending
/// (Ctrl+Z) gives it back for the while.
/// </summary>
internal sealed class ViewTerminal : IDisposable
{
    /// <summary>How long a terminal that takes nothing (Ctrl+S) is waited for at the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<IDisposable> _signals = [];
    private volatile bool _suspending;

    public Screen Screen { get; } = new(Console.OpenStandardOutput(), Terminal.Colors());

    /// <summary>Shows a view until cancelled, then gives the terminal back. Throws what the view does.</summary>
    public async Task ShowAsync(LiveView view, CancellationToken until)
    {
        using var patience = new CancellationTokenSource();
        using var impatient = until.UnsafeRegister(_ => patience.CancelAfter(Patience), null);
        try
        {
            Enter(view);

            // On a thread of its own: whoever waits here must not hang on a terminal that takes nothing.
            await Task.Run(() => view.RunAsync(until), CancellationToken.None).WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives the terminal back; more than once is harmless.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        foreach (var signal in _signals) signal.Dispose();
        _signals.Clear();
        Screen.Leave();
    }

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
                _suspending = true;
                Screen.Leave();
                Terminal.Suspend();
                _suspending = false;
                GoOn(view);
            }));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
            {
                // Of one that comes just before the process stops nothing is to be seen while it is stopped.
                if (!_suspending) GoOn(view);
            }));
        }

        if (view.Keys) Keyboard.Start(view.Press);
        Screen.Enter();
    }

    private void GoOn(LiveView view)
    {
        // Not where it goes on in the background: the terminal is another's now.
        if (Terminal.IsForeground()) Screen.Enter();
        view.Wake();
    }

    private void OnEnd(object? sender, EventArgs e) => Screen.Leave();
}
