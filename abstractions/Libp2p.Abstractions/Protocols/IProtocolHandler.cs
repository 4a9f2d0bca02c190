using System.Collections.Immutable;

namespace Libp2p;

/// <summary>Serves the streams of one or several protocols. Ids come from <c>[Protocol("...")]</c>; the generator emits the property.</summary>
public interface IProtocolHandler
{
    /// <summary>The protocols served.</summary>
    ImmutableArray<ProtocolId> Protocols { get; }

    /// <summary>
    /// Serves one stream. When it returns the stream is disposed; when it throws the stream is reset. The token is cancelled when the node stops or the stream
    /// is reset.
    /// </summary>
    ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken);
}
