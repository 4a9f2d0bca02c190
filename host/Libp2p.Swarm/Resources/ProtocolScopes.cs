using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Swarm.Resources;

/// <summary>The streams that speak one protocol, and what their handlers reserved. Beside the tree: what it holds is the connections' too.</summary>
internal sealed class ProtocolScope(ProtocolId protocol, ScopeLimits limits, int streams) : ResourceScope($"protocol {protocol}", null, limits)
{
    private int _streams;

    public ProtocolId Protocol => protocol;

    /// <summary>Streams that speak it now.</summary>
    public int Speaking => Volatile.Read(ref _streams);

    /// <summary>Counts a stream in, or refuses; <see cref="Leave"/> counts it out.</summary>
    public bool TryEnter(ConnectionDirection direction, [NotNullWhen(false)] out ResourceDenial? why)
    {
        if (Interlocked.Increment(ref _streams) <= streams)
        {
            why = null;
            return true;
        }

        Interlocked.Decrement(ref _streams);
        why = Governor.Refusals.Add(new ResourceDenial(Name, 1, streams, streams, "Resources:MaxStreamsPerProtocol", "streams") { Direction = direction });
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _streams);
}

/// <summary>The scopes of the protocols that were ever served. Thread-safe; no more than protocols that this node has handlers for.</summary>
internal sealed class ProtocolScopes(ScopeLimits limits, int streams)
{
    private readonly ConcurrentDictionary<ProtocolId, ProtocolScope> _protocols = [];

    public ProtocolScope Of(ProtocolId protocol) => _protocols.TryGetValue(protocol, out var known) ? known : _protocols.GetOrAdd(protocol, new ProtocolScope(protocol, limits, streams));

    public ImmutableArray<ProtocolUse> Snapshot() =>
        [.. _protocols.Values.Select(static scope => new ProtocolUse(scope.Protocol, scope.Speaking, scope.Reserved)).Where(static use => use.Streams > 0 || use.Bytes > 0).OrderByDescending(static use => use.Streams)];
}
