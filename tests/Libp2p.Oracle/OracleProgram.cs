using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Libp2p.Oracle;

/// <summary>
/// Answers questions about formats and primitives, one JSON object a line, with the very code the node runs. What the node refuses is answered with
/// <c>{"ok":false,"error":"..."}</c>; so is a question that makes no sense.
/// </summary>
public static class OracleProgram
{
    private delegate void Operation(Question question, Utf8JsonWriter answer);

    private static readonly FrozenDictionary<string, Operation> Operations = new Dictionary<string, Operation>
    {
        ["varint"] = MultiformatOps.Varint,
        ["multibase"] = MultiformatOps.Multibase,
        ["multibase-encode"] = MultiformatOps.MultibaseEncode,
        ["multihash-sum"] = MultiformatOps.MultihashSum,
        ["multihash"] = MultiformatOps.Multihash,
        ["cid"] = MultiformatOps.Cid,
        ["multiaddr"] = MultiformatOps.Multiaddr,
        ["peerid"] = IdentityOps.PeerId,
        ["publickey"] = IdentityOps.PublicKey,
        ["verify"] = IdentityOps.Verify,
        ["sign"] = IdentityOps.Sign,
        ["envelope"] = IdentityOps.Envelope,
        ["ipns"] = IdentityOps.Ipns,
        ["x25519"] = CryptoOps.X25519,
        ["chacha20poly1305"] = CryptoOps.ChaCha20Poly1305,
        ["hkdf-sha256"] = CryptoOps.HkdfSha256,
        ["noise-xx"] = NoiseOps.Xx,
        ["multistream"] = NegotiationOps.Multistream,
        ["wire"] = WireOps.Wire,
    }.ToFrozenDictionary();

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers standard input on standard output, both UTF-8.</summary>
    /// <returns>0, at the end of the input.</returns>
    public static async Task<int> RunAsync()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var input = new StreamReader(Console.OpenStandardInput(), utf8, detectEncodingFromByteOrderMarks: false);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
        await using (output.ConfigureAwait(false)) return await RunAsync(input, output).ConfigureAwait(false);
    }

    /// <summary>Answers every line of the input in order, each at once; empty lines are passed over.</summary>
    /// <returns>0, at the end of the input.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        while (await input.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0) continue;
            await output.WriteAsync(Answer(line)).ConfigureAwait(false);
            await output.WriteAsync('\n').ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Answers one line.</summary>
    public static string Answer(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var question = new Question(document.RootElement);
            var operation = Operations.GetValueOrDefault(question.Text("op")) ?? throw new UnsupportedException(question.Text("op"));
            return Write(answer =>
            {
                answer.WriteBoolean("ok", true);
                operation(question, answer);
            });
        }
        catch (Exception e)
        {
            return Write(answer =>
            {
                answer.WriteBoolean("ok", false);
                answer.WriteString("error", Explain(e));
            });
        }
    }

    private static string Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // What the library documents as a refusal speaks for itself; anything else is told apart, since it would be a bug.
    private static string Explain(Exception e) => e is Libp2pException or FormatException or ArgumentException or CryptographicException or JsonException or UnsupportedException or NotSupportedException
        ? e.Message
        : $"unexpected {e.GetType().Name}: {e.Message}";
}
