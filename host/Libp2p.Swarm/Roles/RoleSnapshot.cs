using System.Collections.Immutable;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Swarm.Roles;

/// <summary>All roles at one moment, sorted by what the swarm does with them. Immutable.</summary>
internal sealed class RoleSnapshot
{
    public static RoleSnapshot Empty { get; } = new([], [], []);

    public RoleSnapshot(ImmutableArray<Registration> all, ImmutableArray<ProtocolId> securityPreference, ImmutableArray<ProtocolId> muxerPreference)
    {
        All = all;
        Transports = Of<ITransport>(all);
        Protectors = Of<IConnectionProtector>(all);
        Securities = Prefer(Of<ISecurityChannel>(all), securityPreference, static r => r.As<ISecurityChannel>().Protocol);
        Muxers = Prefer(Of<IStreamMuxer>(all), muxerPreference, static r => r.As<IStreamMuxer>().Protocol);
        Observers = Of<IConnectionObserver>(all);
        Routers = Of<IPeerRouting>(all);
        Gaters = Of<IConnectionGater>(all);
        SecurityTable = new ProtocolTable(Securities.Select(static r => r.As<ISecurityChannel>().Protocol).ToImmutableArray());
        MuxerTable = new ProtocolTable(Muxers.Select(static r => r.As<IStreamMuxer>().Protocol).ToImmutableArray());
        Handlers = new HandlerTable(Of<IProtocolHandler>(all));
    }

    /// <summary>In order of registration.</summary>
    public ImmutableArray<Registration> All { get; }

    public ImmutableArray<Registration> Transports { get; }

    public ImmutableArray<Registration> Protectors { get; }

    /// <summary>In order of preference, like <see cref="SecurityTable"/>.</summary>
    public ImmutableArray<Registration> Securities { get; }

    public ProtocolTable SecurityTable { get; }

    /// <summary>In order of preference, like <see cref="MuxerTable"/>.</summary>
    public ImmutableArray<Registration> Muxers { get; }

    public ProtocolTable MuxerTable { get; }

    public ImmutableArray<Registration> Observers { get; }

    public ImmutableArray<Registration> Routers { get; }

    public ImmutableArray<Registration> Gaters { get; }

    public HandlerTable Handlers { get; }

    private static ImmutableArray<Registration> Of<T>(ImmutableArray<Registration> all) =>
        [.. all.Where(static r => typeof(T).IsAssignableFrom(r.ExportedAs))];

    private static ImmutableArray<Registration> Prefer(ImmutableArray<Registration> roles, ImmutableArray<ProtocolId> preference, Func<Registration, ProtocolId> protocolOf) =>
        [.. roles.OrderBy(role => preference.IndexOf(protocolOf(role)) is var place && place < 0 ? int.MaxValue : place)];
}

/// <summary>Which handler serves which protocol. Immutable.</summary>
internal sealed class HandlerTable
{
    private readonly ImmutableArray<Registration> _owners;

    public HandlerTable(ImmutableArray<Registration> handlers)
    {
        var protocols = ImmutableArray.CreateBuilder<ProtocolId>();
        var owners = ImmutableArray.CreateBuilder<Registration>();
        foreach (var handler in handlers)
        {
            foreach (var protocol in handler.As<IProtocolHandler>().Protocols)
            {
                protocols.Add(protocol);
                owners.Add(handler);
            }
        }

        Protocols = new ProtocolTable(protocols.ToImmutable());
        _owners = owners.ToImmutable();
    }

    public ProtocolTable Protocols { get; }

    public Registration OwnerOf(int index) => _owners[index];
}
