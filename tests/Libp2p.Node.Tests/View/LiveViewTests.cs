using Libp2p.Node.View;
using Spectre.Console;

namespace Libp2p.Node.Tests.View;

public sealed class LiveViewTests : IAsyncDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly CountedTime _time = new();
    private readonly VirtualTerminal _terminal = new(80, 24);
    private readonly ViewEvents _events;
    private readonly Screen _screen;
    private readonly LiveView _view;
    private readonly CancellationTokenSource _until = new();
    private int _quits;
    private int _draws;
    private bool _stopping;
    private Task _running = Task.CompletedTask;

    public LiveViewTests()
    {
        _events = new ViewEvents(_time);
        _screen = new Screen(_terminal, ColorSystem.NoColors);
        _view = new LiveView(_ => ValueTask.FromResult(Look()), new ViewState(Samples.Facts, _time), _events, _screen, () => (80, 24), _time)
        {
            Keys = true,
            Quit = () => _quits++,
            Stopping = () => _stopping,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _until.CancelAsync();
        await _running.WaitAsync(Watchdog);
        _until.Dispose();
        await _terminal.DisposeAsync();
    }

    [Fact]
    public async Task However_much_happens_it_draws_four_times_a_second()
    {
        await StartAsync();
        for (var i = 0; i < 100; i++) _events.Add(ViewEventKind.Plain, $"event {i}");
        _draws.ShouldBe(1);
        for (var draw = 2; draw < 6; draw++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(249));
            _draws.ShouldBe(draw - 1);
            await UntilDrawnAsync(TimeSpan.FromMilliseconds(1));
            _draws.ShouldBe(draw);
            for (var i = 0; i < 100; i++) _events.Add(ViewEventKind.Plain, $"event {draw} {i}");
        }
    }

    [Fact]
    public async Task It_draws_once_a_second_all_the_same()
    {
        await StartAsync();
        await UntilDrawnAsync(TimeSpan.FromSeconds(1));
        _terminal.Lines()[0].ShouldEndWith("up 1 s");
        await UntilDrawnAsync(TimeSpan.FromSeconds(1));
        _terminal.Lines()[0].ShouldEndWith("up 2 s");
    }

    [Fact]
    public async Task While_it_is_paused_nothing_is_written()
    {
        await StartAsync();
        Press(ConsoleKey.P);
        await UntilDrawnAsync(TimeSpan.FromMilliseconds(250));
        _terminal.Lines()[0].ShouldContain("paused");
        var writes = _terminal.Writes;
        _events.Add(ViewEventKind.Plain, "while paused");
        await UntilDrawnAsync(TimeSpan.FromSeconds(1));
        await UntilDrawnAsync(TimeSpan.FromSeconds(1));
        _terminal.Writes.ShouldBe(writes);

        Press(ConsoleKey.P);
        await UntilDrawnAsync(TimeSpan.FromMilliseconds(250));
        _terminal.Lines()[0].ShouldNotContain("paused");
        _terminal.Lines().ShouldContain(line => line.EndsWith(" while paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_stops_says_so_also_while_paused()
    {
        await StartAsync();
        Press(ConsoleKey.P);
        await UntilDrawnAsync(TimeSpan.FromMilliseconds(250));
        _stopping = true;
        _view.Wake();
        await UntilDrawnAsync(TimeSpan.FromMilliseconds(250));
        _terminal.Lines()[0].ShouldEndWith("stopping");
    }

    [Fact]
    public async Task Keys()
    {
        await StartAsync();
        Press(ConsoleKey.Q);
        _quits.ShouldBe(1);
        _view.Press(new ConsoleKeyInfo('q', ConsoleKey.Q, shift: false, alt: true, control: false));
        Press(ConsoleKey.X);
        _quits.ShouldBe(1);

        // Something else wrote on the screen: that is what repainting is for.
        _terminal.Write("\e[1;1Hscribble"u8);
        _view.Press(new ConsoleKeyInfo('\f', ConsoleKey.L, shift: false, alt: false, control: true));
        await UntilDrawnAsync(TimeSpan.FromMilliseconds(250));
        _terminal.Lines()[0].ShouldStartWith("libp2p");
    }

    private NodeSnapshot Look()
    {
        _draws++;
        return new NodeSnapshot([], [], 0, 0);
    }

    private void Press(ConsoleKey key) => _view.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private Task StartAsync()
    {
        _screen.Enter();
        _running = _view.RunAsync(_until.Token);
        return _time.NextTimerAsync(2);
    }

    /// <summary>Lets time pass that leads to a frame; returns once that is drawn, and the view waits again.</summary>
    private Task UntilDrawnAsync(TimeSpan span)
    {
        _time.Advance(span);
        return _time.NextTimerAsync(1);
    }
}
