using Libp2p.Node.View;
using Spectre.Console;

namespace Libp2p.Node.Tests.View;

public sealed class ScreenTests : IDisposable
{
    private readonly VirtualTerminal _terminal = new(80, 24);
    private readonly Screen _screen;

    public ScreenTests() => _screen = new Screen(_terminal, ColorSystem.Standard);

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void It_shows_what_is_painted_and_gives_the_terminal_back()
    {
        _terminal.Write("before\r\n"u8);
        _screen.Enter();
        _terminal.Alternate.ShouldBeTrue();
        _terminal.CursorVisible.ShouldBeFalse();
        Paint(Samples.Model(50), 80, 24);
        _terminal.Overruns.ShouldBe(0);
        _terminal.Lines().ShouldBe(Drawn(Samples.Model(50), 80, 24));
        _screen.Leave();
        _terminal.IsRestored.ShouldBeTrue();
    }

    [Fact]
    public void Every_change_of_size_and_content_leaves_nothing_behind()
    {
        _screen.Enter();
        foreach (var (connections, width, height) in new[] { (50, 80, 24), (1, 80, 24), (50, 120, 40), (0, 40, 12), (5, 41, 12), (50, 132, 12), (0, 132, 50) })
        {
            _terminal.Resize(width, height);
            Paint(Samples.Model(connections), width, height);
            _terminal.Lines().ShouldBe(Drawn(Samples.Model(connections), width, height));
        }

        _terminal.Overruns.ShouldBe(0);
    }

    [Fact]
    public void What_did_not_change_is_not_written_again()
    {
        _screen.Enter();
        var model = Samples.Model(20);
        Paint(model, 80, 24);
        var (writes, whole) = (_terminal.Writes, _terminal.Written);
        Paint(model, 80, 24);
        _terminal.Writes.ShouldBe(writes);

        Paint(model with { Uptime = model.Uptime + TimeSpan.FromMinutes(1) }, 80, 24);
        _terminal.Writes.ShouldBe(writes + 1, "a frame is written in one call");
        (_terminal.Written - whole).ShouldBeLessThan(200);

        _screen.Forget();
        Paint(model, 80, 24);
        (_terminal.Written - whole).ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void After_it_was_left_nothing_is_painted_until_it_is_entered_again()
    {
        _screen.Leave();
        _terminal.Writes.ShouldBe(0);
        _screen.Enter();
        _screen.Leave();
        var writes = _terminal.Writes;
        Paint(Samples.Model(1), 80, 24);
        _screen.Leave();
        _terminal.Writes.ShouldBe(writes);
        _screen.Enter();
        Paint(Samples.Model(1), 80, 24);
        _terminal.Lines().ShouldBe(Drawn(Samples.Model(1), 80, 24));
    }

    /// <summary>A process that goes on cannot know what became of the terminal meanwhile. Entering the alternate screen twice would lose the cursor of the other.</summary>
    [Fact]
    public void Entered_again_it_sets_the_modes_anew_and_paints_all()
    {
        _screen.Enter();
        Paint(Samples.Model(1), 80, 24);
        _terminal.Write("\e[?25h\e[?7h\e[2J"u8);
        _screen.Enter();
        _terminal.CursorVisible.ShouldBeFalse();
        _terminal.Wraps.ShouldBeFalse();
        Paint(Samples.Model(1), 80, 24);
        _terminal.Lines().ShouldBe(Drawn(Samples.Model(1), 80, 24));
        _screen.Leave();
        _terminal.IsRestored.ShouldBeTrue();
    }

    [Theory]
    [InlineData(ColorSystem.NoColors, false)]
    [InlineData(ColorSystem.Standard, true)]
    [InlineData(ColorSystem.TrueColor, true)]
    public void Without_colours_the_layout_is_the_same(ColorSystem colors, bool coloured)
    {
        var screen = new Screen(_terminal, colors);
        screen.Enter();
        screen.Paint(ViewRenderer.Draw(Samples.Model(5), 80, 24), (80, 24));
        _terminal.Coloured.ShouldBe(coloured);
        _terminal.Lines().ShouldBe(Drawn(Samples.Model(5), 80, 24));
    }

    private void Paint(ViewModel model, int width, int height) => _screen.Paint(ViewRenderer.Draw(model, width, height), (width, height));

    private static string[] Drawn(ViewModel model, int width, int height) =>
        [.. ViewRenderer.Draw(model, width, height).Select(line => string.Concat(line.Segments.Select(segment => segment.Text)).TrimEnd())];
}
