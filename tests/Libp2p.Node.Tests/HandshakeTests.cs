using System.Text.Json.Nodes;
using Libp2p.Node.Commands.Handshake;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p handshake</c>: every step is there, in order; how long it took is the machine's business.</summary>
public sealed class HandshakeTests : IDisposable
{
    private static readonly string[] Steps = ["connect", "security", "handshake", "muxer", "identify"];

    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_agreed_on_and_each_step_are_told(bool early)
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var address = (string)listening["addrs"]![0]!;
        var environment = new Dictionary<string, string> { ["Libp2p__Plugins__noise__EarlyMuxerNegotiation"] = early ? "true" : "false" };

        await using var json = NodeProcess.StartWith(_other.Path, environment, "handshake", address, "--json");
        var (code, output, errors) = await json.EndAsync();
        code.ShouldBe(0, errors);
        var report = JsonNode.Parse(output.ShouldHaveSingleItem())!;
        ((string)report["event"]!).ShouldBe("handshake");
        ((string)report["peerId"]!).ShouldBe((string)listening["peerId"]!);
        address.ShouldStartWith((string)report["addr"]!);
        ((string)report["transport"]!).ShouldBe("tcp");
        ((string)report["security"]!).ShouldBe("/noise");
        ((string)report["keyType"]!).ShouldBe("Ed25519");
        ((string)report["muxer"]!).ShouldBe("/yamux/1.0.0");
        ((bool)report["earlyMuxer"]!).ShouldBe(early);
        ((string)report["agentVersion"]!).ShouldStartWith("Libp2p.Framework/");
        report["protocols"]!.AsArray().Select(p => (string)p!).ShouldContain("/ipfs/ping/1.0.0");
        report["steps"]!.AsArray().Select(s => (string)s!["name"]!).ShouldBe(Steps);
        report["steps"]!.AsArray().ShouldAllBe(s => s!["error"] == null && (double)s["ms"]! >= 0);

        await using var text = NodeProcess.StartWith(_other.Path, environment, "handshake", address);
        (code, output, errors) = await text.EndAsync();
        code.ShouldBe(0, errors);
        output[0].ShouldEndWith((string)listening["peerId"]!);
        output.ShouldContain($"muxer       /yamux/1.0.0, {(early ? "agreed on within the handshake" : "negotiated")}");
        output[(output.IndexOf("") + 1)..].Select(line => line.Split(' ')[0]).ShouldBe([.. Steps, "total"]);
    }

    [Fact]
    public async Task One_that_fails_shows_how_far_it_came()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var address = ((string)listening["addrs"]![0]!).Replace((string)listening["peerId"]!, "12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq", StringComparison.Ordinal);
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "handshake", address, "--json");
        code.ShouldBe(13, errors);
        var events = output.Select(line => JsonNode.Parse(line)!).ToDictionary(e => (string)e["event"]!);
        events.Keys.ShouldBe(["error", "steps"]);
        var steps = events["steps"]["steps"]!.AsArray();
        steps.Select(s => (string)s!["name"]!).ShouldBe(["connect", "security", "handshake"]);
        steps.Select(s => s!["error"] is null).ShouldBe([true, true, false]);

        (code, output, _) = await NodeProcess.RunAsync(_other.Path, "handshake", address);
        code.ShouldBe(13);
        output.Select(line => line.Split(' ')[0]).ShouldBe(["connect", "security", "handshake", "total"]);
        output[2].ShouldContain("failed: ");
    }

    [Fact]
    public async Task A_remote_that_does_not_identify_itself_is_shown_without()
    {
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__DisabledPlugins__0"] = "identify" }, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "handshake", (string)node.Event("listening")["addrs"]![0]!, "--json");
        code.ShouldBe(0, errors);
        var report = JsonNode.Parse(output.ShouldHaveSingleItem())!;
        report["agentVersion"].ShouldBeNull();
        ((string)report["security"]!).ShouldBe("/noise");
        var last = report["steps"]!.AsArray()[^1]!;
        ((string)last["name"]!).ShouldBe("identify");
        ((string)last["error"]!).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_bar_goes_from_the_start_of_its_step_to_its_end()
    {
        using var output = new StringWriter();
        HandshakeReport.PrintSteps(
            [
                new("connect", Ms(0), Ms(10)),
                new("security", Ms(10), Ms(0)),
                new("handshake", Ms(10), Ms(20)),
                new("muxer", Ms(30), Ms(10), "it broke\e[31m"),
            ],
            output);
        output.ToString().ReplaceLineEndings("\n").ShouldBe(
            """
            connect        10.000 ms  ██████████
            security        0.000 ms            ▏
            handshake      20.000 ms            ████████████████████
            muxer          10.000 ms  failed: it broke�[31m
            total          40.000 ms

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Steps_that_took_no_time_at_all_are_still_rows()
    {
        using var output = new StringWriter();
        HandshakeReport.PrintSteps([new("connect", Ms(0), Ms(0))], output);
        output.ToString().ShouldContain("0.000 ms");
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
