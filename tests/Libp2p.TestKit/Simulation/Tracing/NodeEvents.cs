using Microsoft.Extensions.Logging;

namespace Libp2p.TestKit;

/// <summary>A node told of something.</summary>
/// <param name="Host">Where it runs.</param>
/// <param name="Happened">What it told.</param>
public sealed record NodeTraceEvent(string? Host, NodeEvent Happened) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => $"node {Happened.GetType().Name} {Describe()}";

    private string Describe() => Happened switch
    {
        ConnectionOpened { Connection: var opened } => $"{opened.Id} {opened.Direction} {opened.RemotePeer} {opened.Remote}",
        ConnectionClosed { Connection: var closed, End: var end } => $"{closed.Id} {closed.RemotePeer} {end}",
        IncomingFailed failed => $"{failed.Remote} {failed.Cause.Message}",
        PeerIdentified identified => $"{identified.Connection.Id} {identified.Info.PeerId}{(identified.Pushed ? " pushed" : "")}",
        ListenAddressesChanged changed => string.Join(' ', changed.Addresses.AsEnumerable()),
        ExternalAddressesChanged changed => string.Join(' ', changed.Addresses.AsEnumerable()),
        NetworkChanged changed => $"added [{string.Join(' ', changed.Added)}] removed [{string.Join(' ', changed.Removed)}]{(changed.Slept ? " slept" : "")}",
        ProtocolsChanged changed => string.Join(' ', changed.Protocols.AsEnumerable()),
        EventsDropped dropped => $"{dropped.Count}",
        _ => "",
    };
}

/// <summary>A node logged something.</summary>
/// <param name="Host">Where it runs.</param>
/// <param name="Level">How grave.</param>
/// <param name="Category">Who.</param>
/// <param name="Message">What, with the message of its exception.</param>
public sealed record LogEvent(string? Host, LogLevel Level, string Category, string Message) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => $"log {Level} {Category}: {Message}";
}
