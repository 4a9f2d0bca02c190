using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Libp2p.Wire;

namespace Libp2p.Oracle;

/// <summary>Questions about the messages whose codecs are generated.</summary>
internal static class WireOps
{
    private static readonly FrozenDictionary<string, WireMessageDescriptor> Messages = new[]
    {
        Libp2p.Wire.Schemas.PublicKey.Descriptor,
        Libp2p.Wire.Schemas.PrivateKey.Descriptor,
        Libp2p.Wire.Schemas.Envelope.Descriptor,
        Libp2p.Wire.Schemas.PeerRecord.Descriptor,
        Libp2p.Wire.Schemas.Record.Descriptor,
        Libp2p.Wire.Schemas.IpnsEntry.Descriptor,
        Oracle.Wire.HopMessage.Descriptor,
        Oracle.Wire.StopMessage.Descriptor,
        Oracle.Wire.HolePunch.Descriptor,
        Protocols.Identify.Wire.Identify.Descriptor,
        Security.Noise.Wire.NoiseHandshakePayload.Descriptor,
        Security.Noise.Wire.NoiseExtensions.Descriptor,
    }.ToFrozenDictionary(descriptor => descriptor.FullName);

    public static void Wire(Question question, Utf8JsonWriter answer)
    {
        var name = question.Text("message");
        var descriptor = Messages.GetValueOrDefault(name) ?? throw new UnsupportedException($"wire of {name}");
        var bytes = question.Bytes("bytes");
        var again = new ArrayBufferWriter<byte>();
        var error = descriptor.Rewrite(bytes, again);
        if (error != WireError.None) throw new WireFormatException(error, name);
        answer.WriteString("json", WireJson.Write(descriptor, again.WrittenSpan));
        answer.WriteHex("bytes", again.WrittenSpan);
        answer.WriteBoolean("unknown", WireJson.HasUnknown(descriptor, bytes));
    }
}
