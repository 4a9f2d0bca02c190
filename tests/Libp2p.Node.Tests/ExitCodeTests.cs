using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary>Each layer has its exit code, and a message that says what to try.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private const string Stranger = "12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq";

    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("/ip4/127.0.0.1")]
    [InlineData("/ip4/127.0.0.1/udp/1/quic-v1")]
    public async Task Address(string address) => await FailsAsync(10, "address", "ping", address);

    [Fact]
    public async Task Dial()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: refused
        await FailsAsync(11, "dial", "ping", $"/ip4/127.0.0.1/tcp/{((IPEndPoint)taken.LocalEndPoint!).Port}");
    }

    [Fact]
    public async Task Negotiation_with_something_that_is_no_libp2p_node()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync();
                await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                while (await socket.ReceiveAsync(new byte[1024]) > 0)
                {
                }
            }
        });
        await FailsAsync(12, "negotiation", "ping", $"/ip4/127.0.0.1/tcp/{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task Security_names_the_peer_that_answered()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var id = (string)listening["peerId"]!;
        var address = ((string)listening["addrs"]![0]!).Replace(id, Stranger, StringComparison.Ordinal);
        var error = await FailsAsync(13, "security", "ping", address);
        ((string)error["actualPeer"]!).ShouldBe(id);
        ((string)error["error"]!).ShouldContain(id);
    }

    [Fact]
    public async Task Negotiation_of_a_protocol_that_the_remote_does_not_serve()
    {
        await using var node = NodeProcess.StartWith(
            _data.Path, new() { ["Libp2p__DisabledPlugins__0"] = "ping" }, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        await FailsAsync(12, "negotiation", "ping", (string)node.Event("listening")["addrs"]![0]!);
    }

    [Fact]
    public async Task A_wrong_command_line()
    {
        var (code, _, errors) = await NodeProcess.RunAsync(_other.Path, "ping");
        code.ShouldBe(2);
        errors.ShouldNotBeEmpty();
    }

    private async Task<JsonObject> FailsAsync(int exitCode, string layer, params string[] arguments)
    {
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, [.. arguments, "--json", "--timeout", "60"]);
        var error = JsonNode.Parse(output.LastOrDefault() ?? throw new InvalidOperationException($"no output; {errors}"))!.AsObject();
        ((string)error["layer"]!).ShouldBe(layer, (string)error["error"]!);
        code.ShouldBe(exitCode, errors);
        ((string)error["hint"]!).ShouldNotBeEmpty();

        var (sameCode, _, text) = await NodeProcess.RunAsync(_other.Path, [.. arguments, "--timeout", "60"]);
        sameCode.ShouldBe(exitCode, text);
        text.ShouldContain($"libp2p: {layer}: ");
        text.ShouldContain("try: ");
        return error;
    }
}
