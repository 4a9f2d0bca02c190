using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing;

/// <summary>An address to dial.</summary>
/// <param name="Address">Without <c>/p2p</c>.</param>
/// <param name="Peer">Who is expected there; null: anyone.</param>
/// <param name="ResolvedFrom">The name that led to it; null: none.</param>
/// <param name="IsNamed">Whether a caller named it, or the name that led to it: then back-off does not hold it up.</param>
internal readonly record struct DialTarget(Multiaddr Address, PeerId? Peer, Multiaddr? ResolvedFrom = null, bool IsNamed = false);

/// <summary>How to dial: those who ask for the same peer in the same manner share a dial.</summary>
internal readonly record struct DialManner(ConnectionNeed Need, ConnectionRole Role, PortUse PortUse);

/// <summary>Under what others find a dial to join it, beside its manner: a peer, or an address where nobody is expected.</summary>
internal readonly record struct DialKey(PeerId? Peer, Multiaddr? Address);

/// <summary>What a caller asks the dialer for.</summary>
internal sealed class DialRequest
{
    private DialRequest(PeerId? peer, Multiaddr? address, ConnectOptions? options)
    {
        Expected = peer;
        Address = address;
        ForceNew = options is { ForceNew: true };
        Manner = new DialManner(
            options is { ForceDirect: true } ? ConnectionNeed.Direct : options is { AllowLimited: true } ? ConnectionNeed.Any : ConnectionNeed.Unlimited,
            options?.Role ?? ConnectionRole.Dialer,
            options?.PortUse ?? PortUse.Reuse);
        Named = [.. Name(address, options)];
    }

    /// <summary>Who; null: whoever answers.</summary>
    public PeerId? Expected { get; }

    /// <summary>Where, where nobody is expected.</summary>
    public Multiaddr? Address { get; }

    /// <summary>The addresses that the caller names.</summary>
    public IReadOnlyList<DialTarget> Named { get; }

    /// <summary>Neither an existing connection nor a dial that runs will do.</summary>
    public bool ForceNew { get; }

    public DialManner Manner { get; }

    public DialKey Key => new(Expected, Expected is null ? Address : null);

    /// <summary>What reports call it.</summary>
    public string Target => Expected?.ToString() ?? Address!.ToString();

    /// <summary>Whether what is known of the peer beside may be dialed too.</summary>
    public bool UsesKnown => Expected is not null && (!ForceNew || Named.Count == 0);

    public static DialRequest For(PeerId peer, ConnectOptions? options) => new(peer, null, options);

    /// <param name="address">Without <c>/p2p</c>.</param>
    /// <param name="peer">Who is expected; null: whoever answers.</param>
    /// <param name="options">How.</param>
    public static DialRequest For(Multiaddr address, PeerId? peer, ConnectOptions? options) => new(peer, address, options);

    /// <summary>Those that name another peer are left out.</summary>
    private IEnumerable<DialTarget> Name(Multiaddr? address, ConnectOptions? options)
    {
        if (address is not null) yield return new DialTarget(address, Expected, IsNamed: true);
        if (options is null) yield break;
        foreach (var more in options.Addresses)
        {
            if (AddressRules.TrySplit(more, out var bare, out var peer) && (peer is null || Expected is null || peer == Expected)) yield return new DialTarget(bare, Expected ?? peer, IsNamed: true);
        }
    }
}
