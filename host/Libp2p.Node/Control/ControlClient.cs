using System.Net.Sockets;
using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control;

/// <summary>Asks the node that runs on a data folder.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly LineReader _answers;

    private ControlClient(Stream stream) => (_stream, _answers) = (stream, new LineReader(stream, ControlLimits.MaxAnswer));

    /// <exception cref="CommandException">No node runs there.</exception>
    public static async ValueTask<ControlClient> ConnectAsync(string dataFolder, CancellationToken cancellationToken) =>
        new(await ControlAddress.ConnectAsync(dataFolder, cancellationToken).ConfigureAwait(false));

    /// <summary>The answer to a verb without parameters.</summary>
    /// <exception cref="CommandException">The node answered with an error, or not at all.</exception>
    public ValueTask<JsonElement> AskAsync(string verb, CancellationToken cancellationToken) => AskAsync(verb, static _ => { }, cancellationToken);

    /// <summary>The answer to a verb.</summary>
    /// <exception cref="CommandException">The node answered with an error, or not at all.</exception>
    public async ValueTask<JsonElement> AskAsync(string verb, Action<Utf8JsonWriter> writeParameters, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ControlLimits.ClientTimeout, TimeProvider.System);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        byte[]? line;
        try
        {
            using var request = new MemoryStream();
            JsonLine.Write(request, json =>
            {
                json.WriteString("verb", verb);
                writeParameters(json);
            });
            await _stream.WriteAsync(request.GetBuffer().AsMemory(0, (int)request.Length), giveUp.Token).ConfigureAwait(false);
            line = await _answers.ReadAsync(giveUp.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CommandException("The node did not answer.", "see whether it is stopping, then ask again.", e);
        }

        if (line is null) throw new CommandException("The node did not answer.", "see whether it is stopping, then ask again.");
        var answer = JsonElement.Parse(line);
        if (answer.GetProperty("ok").GetBoolean()) return answer;
        throw new CommandException(answer.GetProperty("error").GetString()!, answer.GetProperty("hint").GetString()!);
    }

    /// <summary>Waits until the node has gone.</summary>
    /// <exception cref="CommandException">It did not go in time.</exception>
    public async ValueTask WaitForEndAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ControlLimits.ClientTimeout, TimeProvider.System);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (await _answers.ReadAsync(giveUp.Token).ConfigureAwait(false) is not null)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Gone too.
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"The node was told to stop, and still runs after {ControlLimits.ClientTimeout.TotalSeconds:0} s.", "see what it does with 'libp2p status', or end its process.", e);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
