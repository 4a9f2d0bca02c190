using System.Collections.Immutable;

namespace Libp2p;

/// <summary>What a node may use and what it uses, at one moment.</summary>
public sealed record ResourceReport
{
    /// <summary>How full its fullest budget is.</summary>
    public ResourcePressure Pressure { get; init; }

    /// <summary>The node as a whole: bytes, descriptors, connections, streams, and what is negotiating.</summary>
    public ImmutableArray<ResourceUse> Node { get; init; } = [];

    /// <summary>Those that use most bytes, the greediest first; as many as were asked for.</summary>
    public ImmutableArray<PeerUse> Peers { get; init; } = [];

    /// <summary>Streams by the protocol that they speak, most first; of protocols with streams open.</summary>
    public ImmutableArray<ProtocolUse> Protocols { get; init; } = [];

    /// <summary>What was refused since the start, by the option that would change it.</summary>
    public ImmutableArray<ResourceRefusals> Refusals { get; init; } = [];

    /// <summary>Connections closed because others were worth more, since the start.</summary>
    public long Evicted { get; init; }

    /// <summary>Connections closed because nobody used them, since the start.</summary>
    public long IdleClosed { get; init; }
}

/// <summary>One budget or limit and its use.</summary>
/// <param name="Name">What is counted: <c>bytes</c>, <c>descriptors</c>, <c>connections</c>, ...</param>
/// <param name="Used">How much is in use.</param>
/// <param name="Limit">How much may be.</param>
/// <param name="Option">The option that sets the limit.</param>
public sealed record ResourceUse(string Name, long Used, long Limit, string Option);

/// <summary>What one peer uses.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Bytes">Bytes reserved.</param>
/// <param name="Connections">Connections open.</param>
/// <param name="Streams">Streams open.</param>
/// <param name="Value">The sum of its tags now.</param>
/// <param name="Protections">The names under which it is protected; empty: it is not.</param>
public sealed record PeerUse(PeerId Peer, long Bytes, int Connections, int Streams, int Value, ImmutableArray<string> Protections);

/// <summary>What one protocol uses.</summary>
/// <param name="Protocol">Which.</param>
/// <param name="Streams">Streams open that speak it.</param>
/// <param name="Bytes">Bytes that their handlers reserved.</param>
public sealed record ProtocolUse(ProtocolId Protocol, int Streams, long Bytes);

/// <summary>What a limit refused.</summary>
/// <param name="Option">The option that sets the limit.</param>
/// <param name="Count">How often, since the start.</param>
/// <param name="Last">The latest refusal.</param>
public sealed record ResourceRefusals(string Option, long Count, ResourceDenial Last);
