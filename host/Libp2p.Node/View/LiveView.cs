using System.Threading.Channels;

namespace Libp2p.Node.View;

/// <summary>
/// Keeps a screen up to date: draws when something happened, once a second all the same (time passes), and at most four times a second. <see cref="Press"/> and
/// <see cref="Wake"/> from any thread.
/// </summary>
/// <param name="snapshot">Looks at the node.</param>
/// <param name="state">Makes models of what is seen.</param>
/// <param name="events">What happened.</param>
/// <param name="screen">Takes the frames.</param>
/// <param name="size">How large the terminal is now.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveView(Func<CancellationToken, ValueTask<NodeSnapshot>> snapshot, ViewState state, ViewEvents events, Screen screen, Func<(int Width, int Height)> size, TimeProvider time)
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ViewModel? _frozen;
    private volatile bool _paused;

    /// <summary>Whether keys come in.</summary>
    public bool Keys { get; init; }

    /// <summary>What <c>q</c> is said to do.</summary>
    public string QuitKey { get; init; } = "quit";

    /// <summary>Whether the snapshots have round trips.</summary>
    public bool RoundTrips { get; init; } = true;

    /// <summary>What <c>q</c> does.</summary>
    public Action Quit { get; init; } = () => { };

    /// <summary>Whether the node was asked to stop.</summary>
    public Func<bool> Stopping { get; init; } = () => false;

    /// <summary>Draws until cancelled.</summary>
    public async Task RunAsync(CancellationToken until)
    {
        events.Added += WakeFor;
        try
        {
            await using var seconds = time.CreateTimer(_ => Wake(), null, LongestInterval, LongestInterval);
            while (true)
            {
                await DrawAsync(until).ConfigureAwait(false);
                await Task.Delay(ShortestInterval, time, until).ConfigureAwait(false);
                await _wake.Reader.ReadAsync(until).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
        }
        finally
        {
            events.Added -= WakeFor;
        }
    }

    /// <summary>There is something new to draw.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public void Press(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control }:
                screen.Forget();
                break;
            case { Key: ConsoleKey.Q, Modifiers: ConsoleModifiers.None or ConsoleModifiers.Shift }:
                Quit();
                break;
            case { Key: ConsoleKey.P, Modifiers: ConsoleModifiers.None or ConsoleModifiers.Shift }:
                _paused = !_paused;
                break;
            default:
                return;
        }

        Wake();
    }

    private void WakeFor(ViewEvent added) => Wake();

    private async ValueTask DrawAsync(CancellationToken until)
    {
        // Also while paused: the rates and their history go on behind what is shown.
        var model = state.Update(await snapshot(until).ConfigureAwait(false)) with { Events = events.Snapshot(), Keys = Keys, QuitKey = QuitKey, RoundTrips = RoundTrips };
        if (Stopping())
        {
            model = model with { Phase = ViewPhase.Stopping };
        }
        else if (_paused)
        {
            model = _frozen ??= model with { Phase = ViewPhase.Paused };
        }
        else
        {
            _frozen = null;
        }

        var now = size();
        screen.Paint(ViewRenderer.Draw(model, now.Width, now.Height), now);
    }
}
