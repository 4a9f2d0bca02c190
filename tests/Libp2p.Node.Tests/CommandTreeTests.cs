using System.CommandLine;
using System.Text.Json.Nodes;
using Libp2p.Node.Tests.View;

namespace Libp2p.Node.Tests;

/// <summary>What holds for every command there is.</summary>
public sealed class CommandTreeTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    private static IEnumerable<string> Commands => Leaves(CommandTree.Create(), "").Where(path => path.Length > 0);

    /// <summary>How each command is called here; a new one must be added.</summary>
    private static Dictionary<string, string[]> Calls(string address, string text) => new()
    {
        ["ping"] = [address, "-c", "1"],
        ["identify"] = [address],
        ["dial"] = [address],
        ["handshake"] = [address],
        ["perf"] = [address, "-u", "1", "-d", "1"],
        ["id"] = [],
        ["inspect"] = [address],
        ["keys create"] = ["--force"],
        ["keys export"] = ["--out", text, "--force"],
        ["keys import"] = [text, "--force"],
        ["keys show"] = [],
        ["plugins"] = [],
        ["doctor"] = [],
        ["status"] = [],
        ["peers"] = [],
        ["limits"] = [],
        ["stop"] = [],
        ["completion"] = ["bash"],
    };

    [Fact]
    public void Every_command_knows_json_and_describes_itself()
    {
        foreach (var command in All(CommandTree.Create()))
        {
            command.Description.ShouldNotBeNullOrEmpty(command.Name);
            Ancestors(command).SelectMany(c => c.Options).ShouldContain(o => o.Name == "--json" && o.Recursive, command.Name);
            command.Options.Where(o => string.IsNullOrEmpty(o.Description)).Select(o => o.Name).ShouldBeEmpty(command.Name);
            command.Arguments.Where(a => string.IsNullOrEmpty(a.Description)).Select(a => a.Name).ShouldBeEmpty(command.Name);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("--json --help")]
    [InlineData("--json id")]
    [InlineData("--data D plugins")]
    [InlineData("--data")]
    [InlineData("--no-such-option")]
    [InlineData("[suggest:1] p")]
    [InlineData("")]
    [InlineData("--plain --listen /ip4/127.0.0.1/tcp/0 --data plugins")]
    public void A_line_is_understood_as_by_all_commands_however_it_begins(string line)
    {
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (quick, whole) = (CommandTree.Parse(args), CommandTree.Create().Parse(args));
        quick.CommandResult.Command.Name.ShouldBe(whole.CommandResult.Command.Name);
        quick.Action?.GetType().ShouldBe(whole.Action?.GetType());
        quick.Errors.Select(e => e.Message).ShouldBe(whole.Errors.Select(e => e.Message));
        if (line.Contains("--help", StringComparison.Ordinal)) quick.RootCommandResult.Command.Subcommands.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_readme_names_every_command()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Libp2p.Framework.sln"))) folder = folder.Parent;
        var table = File.ReadAllLines(Path.Combine(folder.ShouldNotBeNull().FullName, "README.md")).Where(line => line.StartsWith('|')).ToList();
        foreach (var word in Commands.Select(path => path.Split(' ')[^1])) table.ShouldContain(line => line.Split('|')[1].Contains(word, StringComparison.Ordinal), word);
    }

    [Fact]
    public async Task Json_of_every_command_is_an_object_a_line()
    {
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__Plugins__perf__Serve"] = "true" }, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var calls = Calls((string)node.Event("listening")["addrs"]![0]!, Path.Combine(_other.Path, "text"));
        calls.Keys.ShouldBe(Commands, ignoreOrder: true);
        foreach (var (command, arguments) in calls)
        {
            var folder = command is "status" or "peers" or "limits" or "stop" ? _data.Path : _other.Path;
            var (code, output, errors) = await NodeProcess.RunAsync(folder, [.. command.Split(' '), .. arguments, "--json"]);
            code.ShouldBe(0, command + errors);
            output.ShouldNotBeEmpty(command);
            foreach (var line in output) ((string?)JsonNode.Parse(line)!.AsObject()["event"]).ShouldNotBeNullOrEmpty(command);
        }
    }

    /// <summary>On a terminal that could show colours.</summary>
    [Fact]
    public async Task No_command_shows_colours_where_nobody_wants_them()
    {
        if (PseudoTerminal.Missing is { } why) Assert.Skip(why);
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__Plugins__perf__Serve"] = "true" }, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        foreach (var (command, arguments) in Calls((string)node.Event("listening")["addrs"]![0]!, Path.Combine(_other.Path, "text")))
        {
            var folder = command is "status" or "peers" or "limits" or "stop" ? _data.Path : _other.Path;
            await using var terminal = PseudoTerminal.StartWith(160, 50, folder, new() { ["NO_COLOR"] = "1" }, [.. command.Split(' '), .. arguments]);
            var code = await terminal.EndAsync();
            await terminal.DrainAsync();
            code.ShouldBe(0, command + string.Join('\n', terminal.Screen.Lines()));
            terminal.Screen.Coloured.ShouldBeFalse(command);
            terminal.Screen.IsRestored.ShouldBeTrue(command);
        }
    }

    private static IEnumerable<Command> Ancestors(Command command) => command.Parents.OfType<Command>().SelectMany(Ancestors).Prepend(command);

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(c => Leaves(c, path.Length == 0 ? c.Name : $"{path} {c.Name}"));
}
