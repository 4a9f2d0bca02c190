using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect.Formats;

internal static class MultiaddrParts
{
    public static Inspection Inspect(Multiaddr address)
    {
        List<string> notes = [Scope(address)];
        if (address.IsResolvable) notes.Add("It starts with a name, which must be resolved before it can be dialed.");
        if (address.Has(MultiaddrProtocol.P2pCircuit)) notes.Add("It leads through a relay.");
        if (address.PeerIdBytes.IsEmpty) notes.Add("It does not say which peer is there.");
        return new("multiaddr", address.ToString(), address.Bytes, Of(address.Bytes), notes);
    }

    public static IReadOnlyList<Part> Of(ReadOnlyMemory<byte> bytes, int offset = 0)
    {
        List<Part> parts = [];
        var at = offset;
        foreach (var component in Multiaddr.Decode(bytes.Span).Components)
        {
            var length = component.Span.Length;
            var valueStart = at + length - component.Value.Length;
            IReadOnlyList<Part> inner = component.Protocol.Code is MultiaddrProtocol.Codes.P2p or MultiaddrProtocol.Codes.Certhash ? MultihashParts.Of(component.ValueMemory, valueStart) : [];
            parts.Add(new Part(component.Protocol.Name, component.Text, at, bytes.Slice(at - offset, length)) { Parts = inner });
            at += length;
        }

        return parts;
    }

    private static string Scope(Multiaddr address) => address switch
    {
        { IsLoopback: true } => "Only this machine can be reached there.",
        { IsUnspecified: true } => "It stands for every address of a machine; it can be listened at, not dialed.",
        { IsLinkLocal: true } => "It is of one link.",
        { IsPrivate: true } => "It is of a private network.",
        { IsGlobalUnicast: true } => "It is a public address.",
        { IsResolvable: true } => "Where it leads is the name's matter.",
        _ => "It starts with no IP address of one machine.",
    };
}
