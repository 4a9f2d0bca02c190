using System.Text;
using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary>A running node and those who ask it, in processes of their own.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Status_shows_the_node_and_its_connections_and_stop_ends_it()
    {
        Unix();
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        File.GetUnixFileMode(ControlSocket.PathIn(_data.Path)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var address = (string)listening["addrs"]![0]!;
        await using var pinging = NodeProcess.Start(_other.Path, "ping", address, "-c", "0", "--json");
        pinging.Event("ping");
        node.Event("identify");

        using (var socket = new ControlSocket(_data.Path))
        {
            var status = await socket.AskAsync("status");
            ((bool)status["ok"]!).ShouldBeTrue();
            ((string)status["peerId"]!).ShouldBe((string)listening["peerId"]!);
            ((string)status["addrs"]![0]!).ShouldBe(address);
            ((int)status["pid"]!).ShouldBe(node.Pid);
            ((double)status["uptimeSeconds"]!).ShouldBeGreaterThan(0);
            ((long)status["receivedBytes"]!).ShouldBeGreaterThan(0);
            ((long)status["sentBytes"]!).ShouldBeGreaterThan(0);
            var connection = status["connections"]!.AsArray().ShouldHaveSingleItem()!;
            ((string)connection["direction"]!).ShouldBe("inbound");
            ((string)connection["security"]!).ShouldBe("/noise");
            ((string)connection["muxer"]!).ShouldBe("/yamux/1.0.0");
            ((string)connection["agentVersion"]!).ShouldNotBeEmpty();
            ((long)connection["receivedBytes"]!).ShouldBeGreaterThan(0);
            ((long)connection["sentBytes"]!).ShouldBeGreaterThan(0);
            connection["streams"]!.AsArray().Select(s => (string)s!["protocol"]!).ShouldContain("/ipfs/ping/1.0.0");

            var peers = (await socket.AskAsync("peers"))["peers"]!.AsArray();
            ((string)peers.ShouldHaveSingleItem()!["peer"]!).ShouldBe((string)connection["peer"]!);
            await socket.SendAsync($"{{\"verb\":\"peers\",\"peer\":\"{connection["peer"]}\"}}\n{{\"verb\":\"peers\",\"peer\":\"{listening["peerId"]}\"}}\n{{\"verb\":\"peers\",\"peer\":7}}\n");
            (await socket.AnswerAsync())!["peers"]!.AsArray().Count.ShouldBe(1);
            (await socket.AnswerAsync())!["peers"]!.AsArray().Count.ShouldBe(0);
            ((string)(await socket.AnswerAsync())!["error"]!).ShouldBe("That is no peer id.");
        }

        using (var socket = new ControlSocket(_data.Path))
        {
            var limits = await socket.AskAsync("limits");
            ((string)limits["pressure"]!).ShouldBe("none");
            var connections = limits["limits"]!.AsArray().Single(use => (string)use!["name"]! == "connections")!;
            ((int)connections["used"]!).ShouldBe(1);
            ((string)connections["option"]!).ShouldBe("Libp2p:Swarm:Resources:MaxConnections");
            var greediest = limits["peers"]!.AsArray().ShouldHaveSingleItem()!;
            ((long)greediest["bytes"]!).ShouldBeGreaterThan(0);
            ((int)greediest["connections"]!).ShouldBe(1);
            limits["protocols"]!.AsArray().Select(p => (string)p!["protocol"]!).ShouldContain("/ipfs/ping/1.0.0");
        }

        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "limits");
        code.ShouldBe(0, errors);
        output[0].ShouldBe("pressure  none");
        output.ShouldContain(line => line.StartsWith("connections ") && line.EndsWith(" Libp2p:Swarm:Resources:MaxConnections"));
        output.ShouldContain(line => line.StartsWith("/ipfs/ping/1.0.0 "));

        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "status");
        code.ShouldBe(0, errors);
        output[0].ShouldEndWith((string)listening["peerId"]!);
        output.ShouldContain(line => line.Contains("/ip4/127.0.0.1/tcp/") && line.Contains("in "));
        output.ShouldAllBe(line => !line.Contains('\u001b'));

        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "status", "--json");
        code.ShouldBe(0, errors);
        ((string)JsonNode.Parse(output.Single())!["event"]!).ShouldBe("status");
        ((string)JsonNode.Parse((await NodeProcess.RunAsync(_data.Path, "peers", "--json")).Output.Single())!["event"]!).ShouldBe("peers");

        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "stop");
        code.ShouldBe(0, errors);
        output.ShouldBe(["stopped"]);
        (code, output, errors) = await node.EndAsync();
        code.ShouldBe(0, errors);
        output.Last().ShouldContain("\"stopped\"");
        File.Exists(ControlSocket.PathIn(_data.Path)).ShouldBeFalse();

        (code, _, errors) = await NodeProcess.RunAsync(_data.Path, "status");
        code.ShouldBe(1);
        errors.ShouldContain("No node runs");
        errors.ShouldContain("try: ");
    }

    [Fact]
    public async Task Garbage_is_answered_or_dropped_and_the_node_goes_on()
    {
        Unix();
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        node.Event("listening");
        using var socket = new ControlSocket(_data.Path);
        foreach (var garbage in (string[])["", "hello", "{", "[]", "7", "null", "{}", "{\"verb\":7}", "{\"verb\":\"fly\"}", new string('[', 1000), "\0\u0001"])
        {
            await socket.SendAsync(garbage + "\n");
            var answer = (await socket.AnswerAsync()).ShouldNotBeNull();
            ((bool)answer["ok"]!).ShouldBeFalse();
            ((string)answer["error"]!).ShouldNotBeEmpty();
            ((string)answer["hint"]!).ShouldNotBeEmpty();
        }

        ((bool)(await socket.AskAsync("status"))["ok"]!).ShouldBeTrue();

        using (var oversized = new ControlSocket(_data.Path))
        {
            await oversized.SendAsync(Encoding.ASCII.GetBytes(new string('x', (64 * 1024) + 1)));
            var answer = await oversized.AnswerAsync();
            if (answer is not null) ((string)answer["error"]!).ShouldContain("65536");
            (await oversized.AnswerAsync()).ShouldBeNull();
        }

        using (var halfway = new ControlSocket(_data.Path)) await halfway.SendAsync("{\"verb\":");
        ((bool)(await socket.AskAsync("status"))["ok"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_node_on_a_data_folder_is_refused_and_what_a_killed_one_left_is_replaced()
    {
        Unix();
        await using (var first = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0"))
        {
            first.Event("listening");
            var (code, _, errors) = await NodeProcess.RunAsync(_data.Path, "--listen", "/ip4/127.0.0.1/tcp/0");
            code.ShouldBe(1);
            errors.ShouldContain(_data.Path);
            errors.ShouldContain("try: give this one a folder of its own");
            using var socket = new ControlSocket(_data.Path);
            ((int)(await socket.AskAsync("status"))["pid"]!).ShouldBe(first.Pid);
            await first.SignalAsync("KILL");
            await first.EndAsync();
        }

        File.Exists(ControlSocket.PathIn(_data.Path)).ShouldBeTrue();
        (await NodeProcess.RunAsync(_data.Path, "status")).ExitCode.ShouldBe(1);

        await using var second = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        second.Event("listening");
        using var again = new ControlSocket(_data.Path);
        ((int)(await again.AskAsync("status"))["pid"]!).ShouldBe(second.Pid);
    }

    [Fact]
    public async Task A_folder_too_long_for_a_socket_still_has_a_node()
    {
        Unix();
        var deep = Path.Combine(_data.Path, new string('d', 120));
        await using var node = NodeProcess.Start(deep, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        node.Event("listening");
        await node.SignalAsync("TERM");
        var (code, _, errors) = await node.EndAsync();
        code.ShouldBe(0, errors);
        errors.ShouldContain("no control socket");
    }

    private static void Unix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a named pipe instead");
}
