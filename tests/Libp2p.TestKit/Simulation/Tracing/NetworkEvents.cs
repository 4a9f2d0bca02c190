using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Libp2p.TestKit;

/// <summary>A stream socket changed its state.</summary>
/// <param name="Host">Whose end.</param>
/// <param name="Local">This end, as this host sees it.</param>
/// <param name="Remote">The other end, as this host sees it.</param>
/// <param name="Change">What happened.</param>
/// <param name="Detail">More of it.</param>
public sealed record StreamEvent(string? Host, EndPoint Local, EndPoint Remote, StreamChange Change, string Detail = "") : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => Detail.Length == 0 ? $"tcp {Local}>{Remote} {Change}" : $"tcp {Local}>{Remote} {Change} {Detail}";
}

/// <summary>What became of a stream socket.</summary>
public enum StreamChange
{
    /// <summary>It tries to connect.</summary>
    Connecting,

    /// <summary>It is connected.</summary>
    Connected,

    /// <summary>It could not connect.</summary>
    Failed,

    /// <summary>It came in at a listener.</summary>
    Accepted,

    /// <summary>It was closed here in the ordinary way.</summary>
    Closed,

    /// <summary>It was reset here.</summary>
    Aborted,

    /// <summary>It broke: by the remote's reset, or because nothing came through.</summary>
    Broken,
}

/// <summary>A host asked for the addresses of a name and got an answer.</summary>
public sealed record ResolvedEvent(string? Host, string Name, ImmutableArray<IPAddress> Addresses) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => $"dns {Name} {string.Join(' ', Addresses.AsEnumerable())}";
}

/// <summary>A host asked for the TXT records of a name and got an answer.</summary>
public sealed record ResolvedTextEvent(string? Host, string Name, ImmutableArray<string> Records) : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text => $"dns {Name} txt {string.Join(' ', Records.AsEnumerable())}";
}

/// <summary>Something crossed the network, or did not.</summary>
/// <param name="Host">Who saw it: the sender, or the receiver.</param>
/// <param name="Protocol">"tcp" or "udp".</param>
/// <param name="From">The sender, as this host sees it.</param>
/// <param name="To">The receiver, as this host sees it.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Length">Bytes; 0 for the end of a stream.</param>
/// <param name="Checksum">Of its bytes (FNV-1a).</param>
/// <param name="Detail">Why, where that is not plain.</param>
public sealed record PacketEvent(string? Host, string Protocol, EndPoint From, EndPoint To, PacketFate Fate, int Length, ulong Checksum, string Detail = "") : SimulationEvent(Host)
{
    /// <inheritdoc/>
    public override string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{Protocol} {From}>{To} {Fate} {Length} {Checksum:x16}{(Detail.Length == 0 ? "" : " ")}{Detail}");

    internal static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var one in bytes) hash = (hash ^ one) * 0x100000001B3;
        return hash;
    }
}

/// <summary>What became of a packet.</summary>
public enum PacketFate
{
    /// <summary>It left.</summary>
    Sent,

    /// <summary>It will have to be sent again, or never comes.</summary>
    Lost,

    /// <summary>It came.</summary>
    Received,
}
