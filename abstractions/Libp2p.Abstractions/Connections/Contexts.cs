using System.Collections.Immutable;

namespace Libp2p;

/// <summary>What a transport gets with a dial. New knowledge is a new property here, never a new parameter.</summary>
public sealed class DialContext
{
    /// <summary>Time, randomness, continuations and sockets.</summary>
    public required NodeRuntime Runtime { get; init; }

    /// <summary>Who dials.</summary>
    public required NodeIdentity Identity { get; init; }

    /// <summary>Who is expected; null: anyone.</summary>
    public PeerId? Expected { get; init; }

    /// <summary>The part to play in handshakes.</summary>
    public ConnectionRole Role { get; init; } = ConnectionRole.Dialer;

    /// <summary>Whether to leave from a listening port.</summary>
    public PortUse PortUse { get; init; } = PortUse.Reuse;

    /// <summary>Where the connection's memory is accounted; null: nowhere.</summary>
    public IResourceScope? Scope { get; init; }

    /// <summary>Told of each step, for reports; null: nobody listens.</summary>
    public IProgress<string>? Progress { get; init; }
}

/// <summary>What a transport gets when it binds.</summary>
public sealed class ListenContext
{
    /// <summary>Time, randomness, continuations and sockets.</summary>
    public required NodeRuntime Runtime { get; init; }

    /// <summary>Who listens.</summary>
    public required NodeIdentity Identity { get; init; }

    /// <summary>How many connections may wait to be accepted. At least 1; default 128.</summary>
    public int Backlog { get; init; } = 128;
}

/// <summary>What a security channel, a protector and a muxer get with a connection.</summary>
public sealed class UpgradeContext
{
    /// <summary>Time, randomness, continuations and sockets.</summary>
    public required NodeRuntime Runtime { get; init; }

    /// <summary>Who this node is on this connection.</summary>
    public required NodeIdentity Identity { get; init; }

    /// <summary>Who opened the connection.</summary>
    public required ConnectionDirection Direction { get; init; }

    /// <summary>The part to play in handshakes.</summary>
    public required ConnectionRole Role { get; init; }

    /// <summary>Who is expected at the other end; null: anyone.</summary>
    public PeerId? Expected { get; init; }

    /// <summary>The muxers on offer, in order of preference, for channels that negotiate them early.</summary>
    public ImmutableArray<ProtocolId> OfferedMuxers { get; init; } = [];

    /// <summary>Bytes that both sides must agree on (Noise prologue).</summary>
    public ReadOnlyMemory<byte> Prologue { get; init; }

    /// <summary>Where memory is accounted; null: nowhere.</summary>
    public IResourceScope? Scope { get; init; }

    /// <summary>Told of each step, for reports; null: nobody listens.</summary>
    public IProgress<string>? Progress { get; init; }
}
