using System.Text.Json;

namespace Libp2p.Oracle;

/// <summary>Questions about keys, peer ids and what is signed.</summary>
internal static class IdentityOps
{
    public static void PeerId(Question question, Utf8JsonWriter answer)
    {
        var id = Libp2p.PeerId.Parse(question.Text("text"));
        answer.WriteString("text", id.ToString());
        answer.WriteString("cid", id.ToCidString());
        answer.WriteHex("bytes", id.Bytes);
    }

    public static void PublicKey(Question question, Utf8JsonWriter answer)
    {
        var key = Libp2p.PublicKey.FromProtobuf(question.Bytes("bytes"));
        answer.WriteString("type", key.Type switch
        {
            KeyType.Rsa => "RSA",
            KeyType.Ed25519 => "Ed25519",
            KeyType.Secp256k1 => "Secp256k1",
            _ => "ECDSA",
        });
        answer.WriteString("peerid", key.PeerId.ToString());
    }

    public static void Verify(Question question, Utf8JsonWriter answer)
    {
        var key = Libp2p.PublicKey.FromProtobuf(question.Bytes("key"));
        if (!key.Verify(question.Bytes("message"), question.Bytes("signature"))) throw new FormatException("the signature does not verify");
    }

    public static void Sign(Question question, Utf8JsonWriter answer)
    {
        using var key = PrivateKey.FromProtobuf(question.Bytes("key"));
        answer.WriteHex("signature", key.Sign(question.Bytes("message")));
    }

    public static void Envelope(Question question, Utf8JsonWriter answer)
    {
        var envelope = SignedEnvelope.Open(question.Bytes("bytes"), question.Text("domain"));
        answer.WriteString("peerid", envelope.Signer.PeerId.ToString());
        answer.WriteHex("payloadType", envelope.PayloadType.Span);
        answer.WriteHex("payload", envelope.Payload.Span);
    }

    public static void Ipns(Question question, Utf8JsonWriter answer)
    {
        var name = question.Text("name");
        var record = IpnsRecord.Open(Libp2p.PeerId.Parse(name.StartsWith("/ipns/", StringComparison.Ordinal) ? name["/ipns/".Length..] : name), question.Bytes("bytes"));
        if (!record.IsValidAt(TimeProvider.System.GetUtcNow())) throw new RecordException($"The IPNS record expired at {record.ValidityText}.");
        answer.WriteString("value", record.ValueText);
        answer.WriteNumber("sequence", record.Sequence);
        answer.WriteString("validity", Trimmed(record.ValidityText));
    }

    // Without zeros at the end of a fraction, as the contract's other peers write times.
    private static string Trimmed(string time) => time.Contains('.', StringComparison.Ordinal) && time.EndsWith('Z') ? time[..^1].TrimEnd('0').TrimEnd('.') + 'Z' : time;
}
