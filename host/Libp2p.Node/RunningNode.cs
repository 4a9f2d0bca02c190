using System.Reflection;
using Libp2p.Hosting;

namespace Libp2p.Node;

/// <summary>A node that runs in this process, and what this program knows of it beside.</summary>
/// <param name="Hosted">The node and its plugins.</param>
/// <param name="Settings">How the program was called.</param>
/// <param name="Traffic">Counts its bytes.</param>
/// <param name="Time">The clock.</param>
/// <param name="StartedAt">When it began to listen.</param>
/// <param name="Stop">Asks it to stop; returns at once.</param>
internal sealed record RunningNode(Libp2pNode Hosted, Settings Settings, Traffic Traffic, TimeProvider Time, DateTimeOffset StartedAt, Action Stop)
{
    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(RunningNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public INode Node => Hosted.Node;

    /// <summary>Its addresses, each with its peer id.</summary>
    public IEnumerable<string> Addresses => Node.ListenAddresses.Select(address => $"{address}/p2p/{Node.PeerId}");

    public TimeSpan Uptime => Time.GetUtcNow() - StartedAt;

    /// <summary>The implementation that a peer named; null: it has not (yet).</summary>
    public string? AgentOf(PeerId peer) => Node.Peers.TryGet(peer, out var info) ? info.AgentVersion : null;
}
