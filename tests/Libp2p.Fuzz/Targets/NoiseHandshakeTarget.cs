using Libp2p.Security.Noise;
using Libp2p.Security.Noise.Tests.Handshake;

namespace Libp2p.Fuzz.Targets;

/// <summary>
/// The messages that one side of a Noise handshake reads: what was altered is refused, with the one error. A listener reads messages 1 and 3 (the first byte
/// chooses), a dialer reads message 2.
/// </summary>
internal sealed class NoiseHandshakeTarget(ConnectionRole role) : FuzzTarget(role == ConnectionRole.Dialer ? "noise-dialer" : "noise-listener")
{
    private static readonly Vectors V = Vectors.Xx;
    private static readonly byte[][] Messages = Converse();

    public override int MaxLength => 600;

    public override IEnumerable<byte[]> Seeds => role == ConnectionRole.Dialer
        ? [Messages[1]]
        : [[0, .. Messages[0]], [1, .. Messages[2]]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var index = 1;
        if (role == ConnectionRole.Listener)
        {
            if (input.IsEmpty)
            {
                return;
            }

            index = input[0] % 2 * 2;
            input = input[1..];
        }

        using var reader = At(index);
        var payload = new byte[input.Length];
        int length;
        try
        {
            length = reader.ReadMessage(input, payload);
        }
        catch (SecureChannelException)
        {
            return;
        }

        Property.Holds(length <= input.Length, "longer than what it came in");
        Property.Holds(index == 0 || input.SequenceEqual(Messages[index]), $"message {index + 1} was altered and accepted");
        Property.Holds(index == 0 || payload.AsSpan(0, length).SequenceEqual(V.Messages[index].Payload), "another payload");
    }

    /// <summary>One side, before it reads a message.</summary>
    private static NoiseHandshake At(int message)
    {
        var reader = message == 1 ? Dialer() : Listener();
        if (message == 1)
        {
            reader.WriteMessage(V.Messages[0].Payload, new byte[Messages[0].Length]);
        }
        else if (message == 2)
        {
            reader.ReadMessage(Messages[0], new byte[Messages[0].Length]);
            reader.WriteMessage(V.Messages[1].Payload, new byte[Messages[1].Length]);
        }

        return reader;
    }

    // The payloads and keys of a public vector.
    private static byte[][] Converse()
    {
        using var dialer = Dialer();
        using var listener = Listener();
        var messages = new byte[3][];
        for (var i = 0; i < messages.Length; i++)
        {
            var (from, to) = i % 2 == 0 ? (dialer, listener) : (listener, dialer);
            messages[i] = new byte[V.Messages[i].Payload.Length + from.Overhead];
            from.WriteMessage(V.Messages[i].Payload, messages[i]);
            to.ReadMessage(messages[i], new byte[messages[i].Length]);
        }

        return messages;
    }

    private static NoiseHandshake Dialer() => new(true, V.InitPrologue, ToyCurve.Instance.Import(V.InitStatic), ToyCurve.Instance.Import(V.InitEphemeral));

    private static NoiseHandshake Listener() => new(false, V.RespPrologue, ToyCurve.Instance.Import(V.RespStatic), ToyCurve.Instance.Import(V.RespEphemeral));
}
