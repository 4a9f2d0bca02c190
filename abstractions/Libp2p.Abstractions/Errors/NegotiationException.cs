using System.Collections.Immutable;

namespace Libp2p;

/// <summary>multistream-select failed: the remote broke the protocol, was too slow, or asked too much.</summary>
public class NegotiationException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Negotiation;
}

/// <summary>The remote speaks none of the protocols offered.</summary>
public sealed class UnsupportedProtocolException(string message, ImmutableArray<ProtocolId> offered) : NegotiationException(message)
{
    /// <summary>What was offered, in order.</summary>
    public ImmutableArray<ProtocolId> Offered { get; } = offered;
}
