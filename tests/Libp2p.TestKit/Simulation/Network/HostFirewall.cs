using System.Collections.Immutable;
using System.Net;

namespace Libp2p.TestKit;

/// <summary>A firewall on a host itself: what nobody asked for is kept out, answers come in.</summary>
public sealed class HostFirewall
{
    private static readonly long FlowLifetime = TimeSpan.FromMinutes(2).Ticks;

    private readonly Dictionary<(string Protocol, IPEndPoint Local, IPEndPoint Remote), long> _flows = [];

    /// <summary>What becomes of what nobody asked for. Default: dropped.</summary>
    public FirewallAction Inbound { get; init; } = FirewallAction.Drop;

    /// <summary>The ports that are open to everybody, TCP and UDP.</summary>
    public ImmutableArray<int> OpenPorts { get; init; } = [];

    /// <summary>Whether a destination may be sent to; null: every one. Refused ones fail at once with AccessDenied.</summary>
    public Func<IPEndPoint, bool>? Outbound { get; init; }

    internal bool Leaves(string protocol, IPEndPoint local, IPEndPoint remote, long now)
    {
        if (Outbound is { } allows && !allows(remote)) return false;
        _flows[(protocol, local, remote)] = now;
        return true;
    }

    internal FirewallAction Comes(string protocol, IPEndPoint local, IPEndPoint remote, long now) =>
        OpenPorts.Contains(local.Port) || (_flows.TryGetValue((protocol, local, remote), out var last) && now - last <= FlowLifetime) ? FirewallAction.Admit : Inbound;
}

/// <summary>What a firewall does with a packet.</summary>
public enum FirewallAction
{
    /// <summary>Lets it in.</summary>
    Admit,

    /// <summary>Throws it away: the sender hears nothing.</summary>
    Drop,

    /// <summary>Refuses it: the sender's attempt fails at once.</summary>
    Reject,
}
