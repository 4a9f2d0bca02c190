using System.Text.Json;
using System.Text.Json.Nodes;
using Libp2p.Node.Control;
using Libp2p.Node.Output;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p dial</c>: which address worked, and why the others did not.</summary>
public sealed class DialCommandTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Dial_explains_what_was_tried()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var address = (string)node.Event("listening")["addrs"]![0]!;
        await using var json = NodeProcess.Start(_other.Path, "dial", address, "--json");
        var (code, output, errors) = await json.EndAsync();
        code.ShouldBe(0, errors);
        var report = JsonNode.Parse(output.ShouldHaveSingleItem())!;
        ((string)report["event"]!).ShouldBe("dial");
        address.ShouldBe($"{report["addr"]}/p2p/{report["peer"]}");
        var attempt = report["attempts"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)attempt["outcome"]!).ShouldBe("connected");
        attempt["steps"]!.AsArray().Select(static step => (string)step!).Where(static step => !step.Contains(' ', StringComparison.Ordinal)).ShouldBe(["transport", "/noise", "/yamux/1.0.0"]);

        await using var text = NodeProcess.Start(_other.Path, "dial", address, "--explain");
        (code, output, errors) = await text.EndAsync();
        code.ShouldBe(0, errors);
        output[0].ShouldStartWith("connected to ");
        output.ShouldContain(static line => line.Contains("connected after transport, /noise, ", StringComparison.Ordinal));

        await using var dead = NodeProcess.Start(_other.Path, "dial", "/ip4/127.0.0.1/tcp/9", "--json");
        (code, output, _) = await dead.EndAsync();
        code.ShouldBe(11);
        ((string)JsonNode.Parse(output[0])!["attempts"]![0]!["outcome"]!).ShouldBe("failed");
        ((string)JsonNode.Parse(output[1])!["event"]!).ShouldBe("error");
    }

    [Fact]
    public async Task Peer_id_alone_is_dialed_where_the_running_node_knows_it_to_be()
    {
        await using var node = NodeProcess.Start(_other.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var (address, peer) = ((string)listening["addrs"]![0]!, (string)listening["peerId"]!);
        var (code, _, errors) = await NodeProcess.RunAsync(_data.Path, "dial", peer);
        code.ShouldNotBe(0);
        errors.ShouldContain("no address of it is known");

        var knowing = new Knowing(peer, address);
        await using (new ControlServer(ControlAddress.Listen(DataFolderLock.Take(_data.Path)), new ControlVerbs(knowing), TimeProvider.System, NullLogger.Instance))
        {
            foreach (var form in new[] { peer, $"/p2p/{peer}" })
            {
                (code, var output, errors) = await NodeProcess.RunAsync(_data.Path, "dial", form, "--json");
                code.ShouldBe(0, errors);
                var report = JsonNode.Parse(output.ShouldHaveSingleItem())!;
                address.ShouldBe($"{report["addr"]}/p2p/{report["peer"]}");
            }
        }

        (code, _, errors) = await NodeProcess.RunAsync(_data.Path, "dial", "somebody");
        code.ShouldBe(10);
        errors.ShouldContain("neither a multiaddr nor a peer id");
    }

    /// <summary>Knows one address of one peer, and nobody else.</summary>
    private sealed class Knowing(string peer, string address) : IControlVerb
    {
        public string Name => "peers";

        public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            answer.WriteStartArray("peers");
            if (request.GetProperty("peer").GetString() == peer)
            {
                answer.WriteStartObject();
                answer.WriteStrings("addrs", [address]);
                answer.WriteEndObject();
            }

            answer.WriteEndArray();
            return default;
        }
    }
}
