using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary>A client of a node's control socket that sends what it likes.</summary>
public sealed class ControlSocket : IDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader _answers;

    public ControlSocket(string dataFolder)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(PathIn(dataFolder)));
        _answers = new StreamReader(new NetworkStream(_socket), Encoding.UTF8);
    }

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "control.sock");

    /// <summary>Sends bytes as they are; a server that drops the client meanwhile is no error here.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes).WaitAsync(Watchdog);
        }
        catch (SocketException)
        {
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next answer; null once the server has closed.</summary>
    public async Task<JsonObject?> AnswerAsync()
    {
        try
        {
            return await _answers.ReadLineAsync().WaitAsync(Watchdog) is { } line ? JsonNode.Parse(line)!.AsObject() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<JsonObject> AskAsync(string verb)
    {
        await SendAsync($"{{\"verb\":\"{verb}\"}}\n");
        return (await AnswerAsync()).ShouldNotBeNull();
    }

    public void Dispose()
    {
        _answers.Dispose();
        _socket.Dispose();
    }
}
