using System.Collections.Immutable;

namespace Libp2p.TestKit;

/// <summary>Contexts as the swarm would make them for the two ends of the suites' connections.</summary>
public static class Upgrading
{
    /// <summary>The context of the end that dialed: identity <see cref="TestIdentity.Dialer"/>, expecting nobody unless told.</summary>
    public static UpgradeContext Dialer(
        TestRuntime? runtime = null, PeerId? expected = null, ImmutableArray<ProtocolId>? muxers = null, ReadOnlyMemory<byte> prologue = default, IResourceScope? scope = null) =>
        new()
        {
            Runtime = (runtime ?? TestRuntime.System(seed: 11)).Node,
            Identity = TestIdentity.Dialer,
            Direction = ConnectionDirection.Outbound,
            Role = ConnectionRole.Dialer,
            Expected = expected,
            OfferedMuxers = muxers ?? [],
            Prologue = prologue,
            Scope = scope,
        };

    /// <summary>The context of the end that accepted: identity <see cref="TestIdentity.Listener"/>.</summary>
    public static UpgradeContext Listener(
        TestRuntime? runtime = null, PeerId? expected = null, ImmutableArray<ProtocolId>? muxers = null, ReadOnlyMemory<byte> prologue = default, IResourceScope? scope = null) =>
        new()
        {
            Runtime = (runtime ?? TestRuntime.System(seed: 22)).Node,
            Identity = TestIdentity.Listener,
            Direction = ConnectionDirection.Inbound,
            Role = ConnectionRole.Listener,
            Expected = expected,
            OfferedMuxers = muxers ?? [],
            Prologue = prologue,
            Scope = scope,
        };
}
