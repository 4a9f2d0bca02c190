using System.Collections.Immutable;

namespace Libp2p.Swarm.Roles;

/// <summary>One protocol served by a delegate.</summary>
internal sealed class DelegateHandler(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handle) : IProtocolHandler
{
    public ImmutableArray<ProtocolId> Protocols { get; } = [protocol];

    public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => handle(stream, cancellationToken);
}
