using Libp2p.Node.Commands.Doctor;
using Spectre.Console;

namespace Libp2p.Node.Tests.Doctor;

/// <summary>What was found, as people read it.</summary>
public sealed class DoctorReportTests
{
    private static readonly DoctorReport Report = new(
    [
        ("sockets", [Finding.Ok("backlog", "up to 4096 connections may wait"), Finding.Note("congestion", "bbr: good over the internet", "sysctl -w x=reno")]),
        ("plugins", [Finding.Problem("acme", "evil\e[2J\r", "Remove \u202e it.")]),
    ]);

    [Fact]
    public void Lines_stand_below_each_other() => Print(Report, 4000).ShouldBe(
        """
        sockets
          ok       backlog     up to 4096 connections may wait
          note     congestion  bbr: good over the internet
                               try: sysctl -w x=reno
        plugins
          problem  acme        evil�[2J�
                               try: Remove � it.

        1 to mend, 1 to know.
        """.Split('\n'));

    [Fact]
    public void Long_lines_go_on_below_their_beginning() => Print(Report, 44)[1..4].ShouldBe(
    [
        "  ok       backlog     up to 4096",
        "                       connections may wait",
        "  note     congestion  bbr: good over the",
    ]);

    [Fact]
    public void It_ends_with_how_it_is()
    {
        Print(new DoctorReport([("a", [Finding.Ok("b", "c")])]), 80)[^1].ShouldBe("All is well.");
        Print(new DoctorReport([("a", [Finding.Note("b", "c")])]), 80)[^1].ShouldBe("All works; 1 to know.");
    }

    private static string[] Print(DoctorReport report, int width)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        report.Print(console, width);
        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
