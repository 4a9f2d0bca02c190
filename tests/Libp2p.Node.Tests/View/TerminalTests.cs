using Libp2p.Node.View;

namespace Libp2p.Node.Tests.View;

public sealed class TerminalTests
{
    private static readonly Terminal Good = new(OutputRedirected: false, ErrorsRedirected: false, Ansi: true, Utf8: true, Foreground: true);
    private static readonly Settings Settings = new(Json: false, Verbose: false, "/data", []);

    [Fact]
    public void A_good_terminal_shows_the_view() => Good.Shows(Settings, plain: false).ShouldBeTrue();

    [Fact]
    public void Anything_else_gets_lines()
    {
        Good.Shows(Settings, plain: true).ShouldBeFalse();
        Good.Shows(Settings with { Json = true }, plain: false).ShouldBeFalse();
        (Good with { OutputRedirected = true }).Shows(Settings, plain: false).ShouldBeFalse();
        (Good with { Ansi = false }).Shows(Settings, plain: false).ShouldBeFalse();
        (Good with { Utf8 = false }).Shows(Settings, plain: false).ShouldBeFalse();
        (Good with { Foreground = false }).Shows(Settings, plain: false).ShouldBeFalse();
    }

    [Fact]
    public void Verbose_logs_need_a_standard_error_of_their_own()
    {
        Good.Shows(Settings with { Verbose = true }, plain: false).ShouldBeFalse();
        (Good with { ErrorsRedirected = true }).Shows(Settings with { Verbose = true }, plain: false).ShouldBeTrue();
    }
}
