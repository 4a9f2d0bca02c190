using System.Text.Json;
using Libp2p.Node.Control;

namespace Libp2p.Fuzz.Targets;

/// <summary>The control socket: every line, in whatever pieces it comes, is answered with one line of JSON that says whether it went well.</summary>
internal sealed class ControlTarget() : FuzzTarget("control")
{
    private static readonly ControlVerbs Verbs = new(new Echo());

    // To most lines; looked at once.
    private static readonly byte[] Refusal = Answer([]);

    public override IEnumerable<byte[]> Seeds => [.. new[] { "{\"verb\":\"echo\"}\n", "{\"verb\":\"stop\",\"x\":[1,null,{\"a\":-1.5e9}]}\n{\"verb\":\"echo\",\"text\":\"\\u00e9\\n\"}\n", "[]\n\n\"x\"\n" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<byte[]> Dictionary { get; } = ["\"verb\":"u8.ToArray(), "\"echo\""u8.ToArray(), "\\ud800"u8.ToArray(), "null"u8.ToArray(), "1e999"u8.ToArray()];

    public override int MaxLength => 1024;

    // A line of four bytes that looks like an object may be refused through an exception.
    public override long MaxAllocated(int length) => (1 << 20) + (2048L * length);

    public override void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var lines = Lines(bytes, bytes.Length);
        var pieces = Lines(bytes, Math.Max(3, bytes.Length / 32));
        Property.Holds(lines.Count == pieces.Count, "pieces change how many lines there are");
        for (var i = 0; i < lines.Count; i++)
        {
            Property.Same(pieces[i], lines[i], "pieces change a line");
            Answer(lines[i]);
        }
    }

    private static byte[] Answer(byte[] line)
    {
        var answer = Done(Verbs.AnswerAsync(line, CancellationToken.None)).Span;
        if (Refusal is not null && answer.SequenceEqual(Refusal))
        {
            return Refusal;
        }

        Property.Holds(answer.IndexOf((byte)'\n') == answer.Length - 1, "not one line");
        var json = JsonElement.Parse(answer);
        Property.Holds(json.GetProperty("ok").GetBoolean() || json.GetProperty("hint").GetString() is { Length: > 0 }, "an error without a hint");
        return answer.ToArray();
    }

    private static List<byte[]> Lines(byte[] bytes, int size)
    {
        const int Longest = 256;
        using var stream = new Trickle(bytes, size);
        var reader = new LineReader(stream, Longest);
        var lines = new List<byte[]>();
        try
        {
            while (Done(reader.ReadAsync(CancellationToken.None)) is { } line)
            {
                Property.Holds(line.Length <= Longest, "longer than allowed");
                lines.Add(line);
            }
        }
        catch (LineTooLongException)
        {
            lines.Add([]);
        }

        return lines;
    }

    private static T Done<T>(ValueTask<T> task)
    {
        Property.Holds(task.IsCompleted, "waits for nothing");
        return task.GetAwaiter().GetResult();
    }

    private sealed class Echo : IControlVerb
    {
        public string Name => "echo";

        public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            answer.WritePropertyName("request");
            request.WriteTo(answer);
            return default;
        }
    }

    private sealed class Trickle(byte[] bytes, int size) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(1, size))], cancellationToken);
    }
}
