using System.Text.Json;
using Libp2p.Crypto;
using Libp2p.Security.Noise;

namespace Libp2p.Oracle;

/// <summary>A Noise handshake with a remote that has said everything already.</summary>
internal static class NoiseOps
{
    public static void Xx(Question question, Utf8JsonWriter answer)
    {
        var dialer = question.Text("role") == "dialer";
        using var staticKey = CryptoProviders.X25519.Import(question.Bytes("static"));
        using var handshake = new NoiseHandshake(dialer, question.Bytes("prologue"), staticKey, CryptoProviders.X25519.Import(question.Bytes("ephemeral")));
        var (messages, payloads) = (new List<byte[]>(), new List<byte[]>());
        var (remote, own) = (new Queue<byte[]>(question.ByteLists("remoteMessages")), new Queue<byte[]>(question.ByteLists("payloads")));
        while (!handshake.IsComplete)
        {
            if (handshake.IsMyTurn)
            {
                var payload = own.TryDequeue(out var next) ? next : [];
                var message = new byte[payload.Length + handshake.Overhead];
                handshake.WriteMessage(payload, message);
                messages.Add(message);
            }
            else
            {
                if (!remote.TryDequeue(out var message)) break;
                var payload = new byte[message.Length];
                payloads.Add(payload[..handshake.ReadMessage(message, payload)]);
            }
        }

        answer.WriteHexes("messages", messages);
        answer.WriteHexes("payloads", payloads);
        answer.WriteHex("hash", handshake.Hash);
    }
}
