using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Crypto;
using Libp2p.Security.Noise.Tests.Handshake;
using Libp2p.Security.Noise.Tests.Records;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

/// <summary>The entry of a fuzzer: whatever a stranger sends is refused with the errors that are promised, and with nothing else.</summary>
public static class NoiseFuzz
{
    private static readonly Vectors V = Vectors.Xx;
    private static readonly NoiseStaticKeys Keys = new(CryptoProviders.X25519);

    /// <summary>Starting points for mutations.</summary>
    public static byte[][] Seeds =>
    [
        [0, .. V.Messages[0].Ciphertext],
        [1, .. V.Messages[1].Ciphertext],
        [2, .. V.Messages[2].Ciphertext],
        [3, .. SecuredPair.Record("one"u8, 0), .. SecuredPair.Record([], 1), .. SecuredPair.Record(new byte[300], 2)],
        [4, .. Payload()],
    ];

    /// <summary>The first byte chooses the target, the rest is what the stranger sends.</summary>
    public static void Target(ReadOnlySpan<byte> data)
    {
        try
        {
            Accept(data);
        }
        catch (SecureChannelException)
        {
        }
    }

    /// <summary>The same, where a refusal is an error too.</summary>
    public static void Accept(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        var rest = data[1..];
        switch (data[0] % 5)
        {
            case 3:
                Read(rest);
                break;
            case 4:
                HandlePayload(rest);
                break;
            default:
                ReadMessage(data[0] % 5, rest);
                break;
        }
    }

    private static void ReadMessage(int index, ReadOnlySpan<byte> message)
    {
        var curve = CryptoProviders.X25519;
        using var reader = index == 1
            ? new NoiseHandshake(true, V.InitPrologue, curve.Import(V.InitStatic), curve.Import(V.InitEphemeral))
            : new NoiseHandshake(false, V.RespPrologue, curve.Import(V.RespStatic), curve.Import(V.RespEphemeral));
        if (index == 1)
        {
            reader.WriteMessage(V.Messages[0].Payload, new byte[V.Messages[0].Ciphertext.Length]);
        }
        else if (index == 2)
        {
            reader.ReadMessage(V.Messages[0].Ciphertext, new byte[V.Messages[0].Ciphertext.Length]);
            reader.WriteMessage(V.Messages[1].Payload, new byte[V.Messages[1].Ciphertext.Length]);
        }

        var length = reader.ReadMessage(message, new byte[message.Length]);
        if (index > 0 && !message.SequenceEqual(V.Messages[index].Ciphertext))
        {
            throw new InvalidOperationException($"Message {index + 1} was altered and accepted with a payload of {length} bytes.");
        }
    }

    private static void HandlePayload(ReadOnlySpan<byte> payload)
    {
        using var listener = new NoiseSession(false, [], Keys.Get(TestIdentity.Listener, RandomSource.System), NoiseStaticKey.NewKey(CryptoProviders.X25519, RandomSource.System), null, ["/a"], 100);
        using var dialer = new NoiseHandshake(true, [], Keys.Get(TestIdentity.Dialer, RandomSource.System).Key, NoiseStaticKey.NewKey(CryptoProviders.X25519, RandomSource.System));
        var first = new byte[dialer.Overhead];
        dialer.WriteMessage([], first);
        listener.HandleMessage(first);
        var second = new byte[listener.NextSize];
        listener.WriteNext(second);
        dialer.ReadMessage(second.AsSpan(2), new byte[second.Length]);
        var third = new byte[dialer.Overhead + payload.Length];
        dialer.WriteMessage(payload, third);
        listener.HandleMessage(third);
        if (!listener.RemoteKey.Equals(TestIdentity.Dialer.PublicKey))
        {
            throw new InvalidOperationException("Somebody else was believed to be who sent this.");
        }
    }

    private static void Read(ReadOnlySpan<byte> wire)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        pipe.Writer.Write(wire);
        pipe.Writer.Complete();
        var reader = new NoiseConnection(new OneWay(pipe), SecuredPair.Ciphers(2, 1), 1 << 20).Input;
        var got = new List<byte>();
        while (true)
        {
            if (!reader.TryRead(out var read))
            {
                throw new InvalidOperationException("An ended wire was waited for.");
            }

            got.AddRange(read.Buffer.ToArray());
            byte[] genuine = [.. "one"u8, .. new byte[300]];
            if (!genuine.AsSpan().StartsWith(got.ToArray()))
            {
                throw new InvalidOperationException("Something was read that was never sent.");
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static byte[] Payload()
    {
        var key = Keys.Get(TestIdentity.Dialer, RandomSource.System);
        var payload = new Wire.NoiseHandshakePayload { IdentityKey = key.IdentityKey, IdentitySig = key.Signature, Extensions = new Wire.NoiseExtensions() };
        payload.Extensions.StreamMuxers.AddRange(["/yamux/1.0.0", "/a"]);
        payload.Extensions.WebtransportCerthashes.Add(new byte[34]);
        var bytes = new byte[payload.GetSize()];
        payload.Write(bytes);
        return bytes;
    }
}
