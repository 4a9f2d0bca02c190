using System.IO.Pipes;
using System.Text.Json;
using Libp2p.Node.Control;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Node.Tests;

/// <summary>The bounds of the control socket, in a clock of the test's own.</summary>
public sealed class ControlServerTests : IDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly DataFolder _data = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_client_that_asks_nothing_is_dropped_after_the_deadline()
    {
        await using var server = Serve();
        using var silent = new ControlSocket(_data.Path);
        var answer = silent.AnswerAsync();
        ((bool)(await AskOnceAsync("echo"))["ok"]!).ShouldBeTrue();
        while (!answer.IsCompleted)
        {
            // Its deadline starts when it is served, which the test cannot see: the clock goes on until that has happened.
            _time.Advance(ControlLimits.RequestTimeout);
            await Task.Yield();
        }

        (await answer).ShouldBeNull();
        ((bool)(await AskOnceAsync("echo"))["ok"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task One_client_too_many_is_told_so()
    {
        await using var server = Serve();
        var clients = new List<ControlSocket>();
        try
        {
            for (var i = 0; i < ControlLimits.MaxClients; i++)
            {
                clients.Add(new ControlSocket(_data.Path));
                ((bool)(await clients[i].AskAsync("echo"))["ok"]!).ShouldBeTrue();
            }

            using var excess = new ControlSocket(_data.Path);
            ((string)(await excess.AnswerAsync()).ShouldNotBeNull()["error"]!).ShouldContain("16");
            (await excess.AnswerAsync()).ShouldBeNull();
            ((bool)(await clients[0].AskAsync("echo"))["ok"]!).ShouldBeTrue();
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    [Fact]
    public async Task A_verb_that_fails_answers_an_error_and_nothing_of_what_it_had_written()
    {
        await using var server = Serve();
        var answer = await AskOnceAsync("fail");
        answer.Select(p => p.Key).ShouldBe(["ok", "error", "hint"]);
        ((string)answer["error"]!).ShouldBe("as told");
    }

    [Fact]
    public async Task The_folder_is_free_before_the_clients_see_the_end()
    {
        var server = Serve();
        using var client = new ControlSocket(_data.Path);
        await client.AskAsync("echo");
        var closing = server.DisposeAsync();
        (await client.AnswerAsync()).ShouldBeNull();
        DataFolderLock.Take(_data.Path).Dispose();
        await closing;
        Should.Throw<System.Net.Sockets.SocketException>(() => new ControlSocket(_data.Path));
    }

    [Fact]
    public void A_folder_has_one_lock()
    {
        using (DataFolderLock.Take(_data.Path)) Should.Throw<CommandException>(() => DataFolderLock.Take(_data.Path)).Message.ShouldContain(_data.Path);
        DataFolderLock.Take(_data.Path).Dispose();
    }

    /// <summary>The pipe of Windows; elsewhere .NET makes one of a socket.</summary>
    [Fact]
    public async Task The_named_pipe_serves_as_the_socket_does()
    {
        var name = ControlAddress.PipeOf(_data.Path);
        await using var server = new ControlServer(new PipeControlListener(name, DataFolderLock.Take(_data.Path)), new ControlVerbs(new Echo()), _time, NullLogger.Instance);
        await using var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        await pipe.ConnectAsync(TestContext.Current.CancellationToken).WaitAsync(Watchdog);
        await pipe.WriteAsync("{\"verb\":\"echo\",\"n\":3}\n"u8.ToArray());
        var answer = await new LineReader(pipe, 1000).ReadAsync(CancellationToken.None).AsTask().WaitAsync(Watchdog);
        JsonElement.Parse(answer!).GetProperty("n").GetInt32().ShouldBe(3);
    }

    private ControlServer Serve()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a named pipe instead");
        return new ControlServer(ControlAddress.Listen(DataFolderLock.Take(_data.Path)), new ControlVerbs(new Echo(), new Fail()), _time, NullLogger.Instance);
    }

    private async Task<System.Text.Json.Nodes.JsonObject> AskOnceAsync(string verb)
    {
        using var client = new ControlSocket(_data.Path);
        return await client.AskAsync(verb);
    }

    private sealed class Echo : IControlVerb
    {
        public string Name => "echo";

        public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            if (request.TryGetProperty("n", out var n)) answer.WriteNumber("n", n.GetInt32());
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Fail : IControlVerb
    {
        public string Name => "fail";

        public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            answer.WriteString("half", "an answer");
            throw new CommandException("as told", "nothing");
        }
    }
}
