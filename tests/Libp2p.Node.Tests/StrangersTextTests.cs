using System.Text.Json.Nodes;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.Node.Output;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Libp2p.Node.Tests;

/// <summary>Wherever text of strangers comes to a terminal, it steers nothing.</summary>
public sealed class StrangersTextTests
{
    /// <summary>Clears the screen, sets a title, goes back over the line, in three ways, and turns the direction of writing.</summary>
    private const string Evil = "evil\e[2J\e]0;title\a\r\u009b1A\u202e";

    private static readonly Settings Plain = new(Json: false, Verbose: false, "/data", []);

    [Fact]
    public void In_what_a_peer_says_of_itself()
    {
        using var output = new StringWriter();
        IdentifyLines.Print(Info, KeyType.Ed25519, "/noise", json: false, output);
        Harmless(output.ToString()).Split('\n').Count(line => line.Contains("evil")).ShouldBe(3);
    }

    [Fact]
    public void In_json_of_it_no_control_character_is_left_bare_and_nothing_is_lost()
    {
        using var output = new StringWriter();
        IdentifyLines.Print(Info, KeyType.Ed25519, "/noise", json: true, output);
        output.ToString().TrimEnd().ShouldAllBe(c => !char.IsControl(c));
        ((string)JsonNode.Parse(output.ToString())!["agentVersion"]!).ShouldBe(Evil);
    }

    [Fact]
    public void In_errors_and_hints()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Failure.Report(new NegotiationException(Evil), Plain, output, errors).ShouldBe(12);
        Failure.Report(new CommandException(Evil, Evil), Plain, output, errors).ShouldBe(1);
        var address = Multiaddr.Parse("/ip4/127.0.0.1/tcp/1");
        var attempt = new DialAttempt { Address = address, Outcome = DialOutcome.Failed, StartedAfter = TimeSpan.Zero, Took = TimeSpan.Zero, Error = new NegotiationException(Evil) };
        Failure.Report(new DialException(Evil, new DialReport(null, [attempt, attempt], TimeSpan.Zero), new NegotiationException(Evil)), Plain, output, errors);
        Harmless(errors.ToString()).ShouldContain("evil");
        output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task In_events()
    {
        using var output = new StringWriter();
        await EventLines.PrintAsync(Events(), Plain, output);
        Harmless(output.ToString()).Split('\n').Count(line => line.Contains("evil")).ShouldBe(2);

        static async IAsyncEnumerable<NodeEvent> Events()
        {
            await Task.CompletedTask;
            yield return new PeerIdentified(null!, Info, Pushed: false);
            yield return new IncomingFailed(Multiaddr.Parse("/ip4/127.0.0.1/tcp/1"), new NegotiationException(Evil));
        }
    }

    [Fact]
    public void In_logs_and_the_errors_below_them()
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Libp2p.Swarm", 7, Evil, new NegotiationException(Evil), (state, _) => state);
        new CleanLogFormatter().Write(entry, null, output);
        var lines = Harmless(output.ToString()).Split('\n');
        lines[0].ShouldStartWith("warn: Libp2p.Swarm[7] evil");
        lines.ShouldContain(line => line.Contains(nameof(NegotiationException)) && line.Contains("evil"));
    }

    [Theory]
    [InlineData(PluginState.Active)]
    [InlineData(PluginState.Disabled)]
    [InlineData(PluginState.LeftOut)]
    public void In_what_a_folder_says_of_its_plugin(PluginState state)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 1000;
        PluginLines.Print(console, [new PluginReport { Name = Evil, Version = Evil, State = state, Reason = Evil, Remedy = Evil, Folder = "/no/" + Evil }], detailed: true);
        Harmless(output.ToString()).ShouldContain("evil");
    }

    private static IdentifyInfo Info => new()
    {
        PeerId = PeerId.Parse("12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq"),
        AgentVersion = Evil,
        ProtocolVersion = Evil,
        Protocols = [new ProtocolId("/" + Evil)],
    };

    private static string Harmless(string text)
    {
        text = text.ReplaceLineEndings("\n");
        text.Replace("\n", "").EnumerateRunes().Where(r => System.Text.Rune.IsControl(r) || r.Value == 0x202e).ShouldBeEmpty(text);
        return text;
    }
}
