using Libp2p.Crypto;
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

    public override int MaxLength => 600;

    public override IEnumerable<byte[]> Seeds => role == ConnectionRole.Dialer
        ? [V.Messages[1].Ciphertext]
        : [[0, .. V.Messages[0].Ciphertext], [1, .. V.Messages[2].Ciphertext]];

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
        Property.Holds(index == 0 || input.SequenceEqual(V.Messages[index].Ciphertext), $"message {index + 1} was altered and accepted");
        Property.Holds(index == 0 || payload.AsSpan(0, length).SequenceEqual(V.Messages[index].Payload), "another payload");
    }

    private static NoiseHandshake At(int message)
    {
        var curve = CryptoProviders.X25519;
        var reader = message == 1
            ? new NoiseHandshake(true, V.InitPrologue, curve.Import(V.InitStatic), curve.Import(V.InitEphemeral))
            : new NoiseHandshake(false, V.RespPrologue, curve.Import(V.RespStatic), curve.Import(V.RespEphemeral));
        if (message == 1)
        {
            reader.WriteMessage(V.Messages[0].Payload, new byte[V.Messages[0].Ciphertext.Length]);
        }
        else if (message == 2)
        {
            reader.ReadMessage(V.Messages[0].Ciphertext, new byte[V.Messages[0].Ciphertext.Length]);
            reader.WriteMessage(V.Messages[1].Payload, new byte[V.Messages[1].Ciphertext.Length]);
        }

        return reader;
    }
}
