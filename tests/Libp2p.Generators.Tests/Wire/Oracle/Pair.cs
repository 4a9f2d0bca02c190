using Google.Protobuf;
using Google.Protobuf.Reflection;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire.Oracle;

/// <summary>One schema, compiled by us and by protoc.</summary>
public abstract class Pair
{
    public abstract MessageDescriptor Schema { get; }

    /// <summary>Our decoder; what it read, encoded again.</summary>
    public abstract WireError Ours(byte[] message, out byte[] again);

    /// <summary>Our view.</summary>
    public abstract WireError View(byte[] message);

    /// <summary>Google's decoder; what it read, without unknown fields, encoded again. Null when it refuses.</summary>
    public abstract byte[]? Google(byte[] message);

    public override string ToString() => Schema.FullName;

    public static TheoryData<Pair> All =>
    [
        new Pair<Ours.PublicKey, Ours.PublicKey.View, Crypto.Pb.PublicKey>(Crypto.Pb.PublicKey.Parser),
        new Pair<Ours.PrivateKey, Ours.PrivateKey.View, Crypto.Pb.PrivateKey>(Crypto.Pb.PrivateKey.Parser),
        new Pair<Ours.Envelope, Ours.Envelope.View, Record.Pb.Envelope>(Record.Pb.Envelope.Parser),
        new Pair<Ours.PeerRecord, Ours.PeerRecord.View, Peer.Pb.PeerRecord>(Peer.Pb.PeerRecord.Parser),
        new Pair<Ours.NoiseExtensions, Ours.NoiseExtensions.View, Pb.NoiseExtensions>(Pb.NoiseExtensions.Parser),
        new Pair<Ours.NoiseHandshakePayload, Ours.NoiseHandshakePayload.View, Pb.NoiseHandshakePayload>(Pb.NoiseHandshakePayload.Parser),
        new Pair<Ours.Identify, Ours.Identify.View, Identify.Pb.Identify>(Identify.Pb.Identify.Parser),
        new Pair<Ours.FetchRequest, Ours.FetchRequest.View, Fetch.Pb.FetchRequest>(Fetch.Pb.FetchRequest.Parser),
        new Pair<Ours.FetchResponse, Ours.FetchResponse.View, Fetch.Pb.FetchResponse>(Fetch.Pb.FetchResponse.Parser),
        new Pair<Ours.Published, Ours.Published.View, Limits.Published>(Limits.Published.Parser),
        new Pair<Ours.Two.All, Ours.Two.All.View, All2.All>(All2.All.Parser),
        new Pair<Ours.Two.Needy, Ours.Two.Needy.View, All2.Needy>(All2.Needy.Parser),
        new Pair<Ours.Three.All, Ours.Three.All.View, All3.All>(All3.All.Parser),
        new Pair<Ours.Three.Nothing, Ours.Three.Nothing.View, All3.Nothing>(All3.Nothing.Parser),
    ];
}

internal sealed class Pair<TOurs, TView, TGoogle>(MessageParser<TGoogle> parser) : Pair
    where TOurs : class, IWireMessage<TOurs>
    where TView : struct, IWireView<TView>, allows ref struct
    where TGoogle : class, IMessage<TGoogle>, new()
{
    private readonly MessageParser<TGoogle> _parser = parser.WithDiscardUnknownFields(true);

    public override MessageDescriptor Schema { get; } = new TGoogle().Descriptor;

    public override WireError Ours(byte[] message, out byte[] again)
    {
        again = TOurs.TryParse(message, out var value, out var error) ? value.ToArray() : [];
        return error;
    }

    public override WireError View(byte[] message)
    {
        TView.TryParse(message, out _, out var error);
        return error;
    }

    public override byte[]? Google(byte[] message)
    {
        try
        {
            // Its parser leaves required fields to the caller, and its own check passes over proto2 messages inside proto3 ones; go's does not.
            var parsed = _parser.ParseFrom(message);
            return IsComplete(parsed) ? parsed.ToByteArray() : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static bool IsComplete(IMessage message) =>
        message.IsInitialized() && message.Descriptor.Fields.InDeclarationOrder()
            .Where(field => field.FieldType == FieldType.Message)
            .SelectMany(field => field.Accessor.GetValue(message) switch
            {
                IMessage single => [single],
                System.Collections.IEnumerable several => several.Cast<IMessage>(),
                _ => [],
            })
            .All(IsComplete);
}
