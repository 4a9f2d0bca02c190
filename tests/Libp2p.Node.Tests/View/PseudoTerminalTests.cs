namespace Libp2p.Node.Tests.View;

/// <summary>The program on a terminal, from the first frame to what it leaves behind.</summary>
public sealed class PseudoTerminalTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task The_view_shows_who_comes_follows_the_size_and_gives_the_terminal_back_on_ctrl_c()
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        await using var terminal = PseudoTerminal.Start(80, 24, _data.Path, "--listen", "/ip4/127.0.0.1/tcp/0");
        var lines = await terminal.UntilAsync(lines => lines[^1].StartsWith("q quit", StringComparison.Ordinal));
        lines[0].ShouldStartWith("libp2p ");
        lines.ShouldContain(line => line.StartsWith("── no connections ──", StringComparison.Ordinal));
        terminal.Screen.Alternate.ShouldBeTrue();
        terminal.Screen.CursorVisible.ShouldBeFalse();
        terminal.Screen.Coloured.ShouldBeTrue();

        using (var control = new ControlSocket(_data.Path))
        {
            var address = (string)(await control.AskAsync("status"))["addrs"]![0]!;
            var (code, _, errors) = await NodeProcess.RunAsync(_other.Path, "ping", address, "-c", "2", "-i", "0");
            code.ShouldBe(0, errors);
        }

        await terminal.UntilAsync(lines => lines.Any(line => line.Contains(" + …", StringComparison.Ordinal)) && lines.Any(line => line.Contains(" - …", StringComparison.Ordinal)));

        terminal.Resize(120, 40);
        await terminal.UntilAsync(lines => lines.Length == 40 && lines[39].StartsWith("q quit", StringComparison.Ordinal) && lines.Any(line => line.Length == 120));

        terminal.Type("\u0003");
        await AssertEndedWellAsync(terminal);
    }

    [Theory]
    [InlineData("q", "")]
    [InlineData("", "TERM")]
    public async Task However_it_ends_the_terminal_is_as_before(string keys, string signal)
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        await using var terminal = PseudoTerminal.StartWith(80, 24, _data.Path, new() { ["NO_COLOR"] = "1" }, "--listen", "/ip4/127.0.0.1/tcp/0");
        await terminal.UntilAsync(lines => lines[^1].StartsWith("q quit", StringComparison.Ordinal));
        if (keys.Length > 0) terminal.Type(keys);
        if (signal.Length > 0) await terminal.SignalAsync(signal);
        await AssertEndedWellAsync(terminal);
        terminal.Screen.Coloured.ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_runs_elsewhere_is_watched_through_its_control_socket()
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        await using (var left = PseudoTerminal.Start(80, 24, _data.Path, "status", "--watch"))
        {
            await left.UntilAsync(lines => lines[^1].StartsWith("q leave", StringComparison.Ordinal) && lines.Any(line => line.EndsWith((string)listening["peerId"]!, StringComparison.Ordinal)));
            await using (var pinging = NodeProcess.Start(_other.Path, "ping", (string)listening["addrs"]![0]!, "-c", "0", "--json"))
            {
                await left.UntilAsync(lines => lines.Any(line => line.StartsWith("── 1 connection (1 in, 0 out)", StringComparison.Ordinal)) && lines.Any(line => line.Contains(" + …", StringComparison.Ordinal)));
            }

            await left.UntilAsync(lines => lines.Any(line => line.Contains(" - …", StringComparison.Ordinal)));
            left.Type("q");
            (await left.EndAsync()).ShouldBe(0);
            await left.DrainAsync();
            left.Screen.IsRestored.ShouldBeTrue();
        }

        await using var watching = PseudoTerminal.Start(80, 24, _data.Path, "status", "--watch");
        await watching.UntilAsync(lines => lines[^1].StartsWith("q leave", StringComparison.Ordinal));
        await node.SignalAsync("TERM");
        (await watching.EndAsync()).ShouldBe(1);
        await watching.DrainAsync();
        watching.Screen.IsRestored.ShouldBeTrue();
        watching.Screen.Lines().ShouldContain(line => line.StartsWith("libp2p: error: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watched_without_a_terminal_it_is_a_line_a_second()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json");
        var listening = node.Event("listening");
        await using var watching = NodeProcess.Start(_data.Path, "status", "--watch", "--json");
        for (var i = 0; i < 2; i++) ((string)watching.Event("status")["peerId"]!).ShouldBe((string)listening["peerId"]!);
        await watching.SignalAsync("TERM");
        (await watching.EndAsync()).ExitCode.ShouldBe(0);

        var (code, _, errors) = await NodeProcess.RunAsync(_data.Path, "status", "--watch");
        code.ShouldBe(1);
        errors.ShouldContain("--json");
    }

    [Fact]
    public async Task Suspended_it_gives_the_terminal_back_for_the_while()
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        await using var terminal = PseudoTerminal.Start(80, 24, _data.Path, "--listen", "/ip4/127.0.0.1/tcp/0");
        await terminal.UntilAsync(lines => lines[^1].StartsWith("q quit", StringComparison.Ordinal));
        terminal.Type("\u001a");
        await terminal.UntilAsync(_ => terminal.Screen.IsRestored);

        // More than once: the first may come before the process has stopped. The view comes back only once it has.
        while (!terminal.Screen.Lines()[^1].StartsWith("q quit", StringComparison.Ordinal))
        {
            await terminal.SignalAsync("CONT");
            await terminal.NewsAsync(TimeSpan.FromSeconds(1));
        }

        terminal.Type("q");
        await AssertEndedWellAsync(terminal);
    }

    /// <summary>The hook makes the program throw, on a thread where nobody catches, when SIGUSR1 comes.</summary>
    [Fact]
    public async Task Also_a_crash_gives_the_terminal_back()
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        var environment = new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, ["DOTNET_DbgEnableMiniDump"] = "0" };
        await using var terminal = PseudoTerminal.StartWith(80, 24, _data.Path, environment, "--listen", "/ip4/127.0.0.1/tcp/0");
        await terminal.UntilAsync(lines => lines[^1].StartsWith("q quit", StringComparison.Ordinal));
        await terminal.SignalAsync("USR1");
        (await terminal.EndAsync()).ShouldNotBe(0);
        terminal.IsCooked.ShouldBeTrue();
        await terminal.DrainAsync();
        terminal.Screen.IsRestored.ShouldBeTrue();
        terminal.Screen.Lines().ShouldContain(line => line.Contains("crashed on purpose", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dumb")]
    [InlineData("xterm-256color", "--plain")]
    public async Task Where_no_view_is_wanted_lines_are_printed(string term, params string[] arguments)
    {
        Assert.SkipWhen(PseudoTerminal.Missing is not null, PseudoTerminal.Missing ?? "");
        await using var terminal = PseudoTerminal.StartWith(200, 50, _data.Path, new() { ["TERM"] = term }, ["--listen", "/ip4/127.0.0.1/tcp/0", .. arguments]);
        var lines = await terminal.UntilAsync(lines => lines.Contains("Ctrl+C stops it."));
        lines[0].ShouldStartWith("peer id    12D3KooW");
        terminal.Screen.Alternate.ShouldBeFalse();
        terminal.Type("\u0003");
        (await terminal.EndAsync()).ShouldBe(0);
    }

    private static async Task AssertEndedWellAsync(PseudoTerminal terminal)
    {
        (await terminal.EndAsync()).ShouldBe(0);
        terminal.IsCooked.ShouldBeTrue();
        await terminal.DrainAsync();
        terminal.Screen.IsRestored.ShouldBeTrue();
        var lines = terminal.Screen.Lines();
        lines.ShouldContain(line => line.StartsWith("peer id    12D3KooW", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("bytes ", StringComparison.Ordinal));
        lines.ShouldContain("stopped");
    }
}
