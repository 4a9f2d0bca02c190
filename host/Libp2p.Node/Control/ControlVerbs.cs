using System.Buffers;
using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control;

/// <summary>The verbs of a node: makes an answer, one line of JSON, of a request. Thread-safe.</summary>
internal sealed class ControlVerbs(params IReadOnlyList<IControlVerb> verbs)
{
    private const string Example = "send one object a line, as {\"verb\":\"status\"}.";
    private static readonly ReadOnlyMemory<byte> NoRequest = Error("The request is not an object with a verb.", Example);

    /// <summary>The answer to a request, newline included. Never throws for what a client sent or a verb did.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(byte[] line, CancellationToken cancellationToken)
    {
        // The parser refuses through an exception, which costs a thousand times what a short line does.
        if (line.AsSpan().Trim(" \t\r"u8) is not [(byte)'{', .., (byte)'}']) return NoRequest;
        try
        {
            using var request = JsonDocument.Parse(line);
            if (!request.RootElement.TryGetProperty("verb", out var name) || name.ValueKind != JsonValueKind.String) return NoRequest;
            if (Find(name) is not { } verb) return Error("This node does not know that verb.", $"it knows: {string.Join(", ", verbs.Select(v => v.Name))}.");
            var answer = new ArrayBufferWriter<byte>();
            var json = new Utf8JsonWriter(answer, JsonLine.Options);
            await using (json.ConfigureAwait(false))
            {
                json.WriteStartObject();
                json.WriteBoolean("ok", true);
                await verb.AnswerAsync(request.RootElement, json, cancellationToken).ConfigureAwait(false);
                json.WriteEndObject();
            }

            answer.Write("\n"u8);
            return answer.WrittenMemory;
        }
        catch (JsonException e)
        {
            return Error($"The request is not JSON: {e.Message}", Example);
        }
        catch (CommandException e)
        {
            return Error(e.Message, e.Hint);
        }
        catch (OperationCanceledException)
        {
            return Error($"There was no answer within {ControlLimits.AnswerTimeout.TotalSeconds:0} s.", "ask again.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Error(e.Message, "run the node with --verbose to see why.");
        }
    }

    public static ReadOnlyMemory<byte> Error(string error, string hint)
    {
        var answer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(answer, JsonLine.Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", false);
            json.WriteString("error", error);
            json.WriteString("hint", hint);
            json.WriteEndObject();
        }

        answer.Write("\n"u8);
        return answer.WrittenMemory;
    }

    private IControlVerb? Find(JsonElement name)
    {
        foreach (var verb in verbs)
        {
            if (name.ValueEquals(verb.Name)) return verb;
        }

        return null;
    }
}
