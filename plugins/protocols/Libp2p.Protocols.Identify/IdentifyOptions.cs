using System.Text;

namespace Libp2p.Protocols.Identify;

/// <summary>Options of identify: <c>Libp2p:Plugins:identify</c>.</summary>
public sealed class IdentifyOptions : IValidatableOptions
{
    /// <summary>The network that this node names itself of; free text. Default <c>ipfs/0.1.0</c>; at most 1,024 bytes.</summary>
    public string ProtocolVersion { get; set; } = "ipfs/0.1.0";

    /// <summary>The implementation that this node names; free text, <c>name/version</c> by custom. Default <c>Libp2p.Framework/&lt;version&gt;</c>; at most 1,024 bytes.</summary>
    public string AgentVersion { get; set; } = $"Libp2p.Framework/{IdentifyVersion.Text}";

    /// <summary>Whether each new connection is asked at once. Default true; otherwise when somebody calls <see cref="IIdentifyService.IdentifyAsync"/>.</summary>
    public bool IdentifyOnConnect { get; set; } = true;

    /// <summary>How long one exchange may take, either way. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the addresses that a peer tells are kept. Default 1 hour; 1 minute to 30 days.</summary>
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether peers are told when the protocols or listen addresses of this node change. Default true.</summary>
    public bool PushOnChange { get; set; } = true;

    /// <summary>How long changes are gathered before they are pushed. Default 500 milliseconds; 0 to 1 minute.</summary>
    public TimeSpan PushDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Pushes under way at once, in each direction; a further one from a remote is reset. Default 32; 1 to 1,024.</summary>
    public int MaxParallelPushes { get; set; } = 32;

    /// <summary>Pushes accepted a second, from everyone. Default 2,000; 1 to 1,000,000.</summary>
    public int MaxPushesPerSecond { get; set; } = 2000;

    /// <summary>Pushes accepted a second from one IPv4 /24 or IPv6 /56, once <see cref="PushBurst"/> is used up; loopback is exempt. Default 0.2; 0.001 to 1,000.</summary>
    public double MaxPushesPerSecondAndNetwork { get; set; } = 0.2;

    /// <summary>Pushes accepted at once from one such network. Default 16; 1 to 10,000.</summary>
    public int PushBurst { get; set; } = 16;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, text) in new[] { (nameof(ProtocolVersion), ProtocolVersion), (nameof(AgentVersion), AgentVersion) })
        {
            if (text is null || Encoding.UTF8.GetByteCount(text) > IdentifyLimits.VersionBytes)
            {
                yield return $"{name} has more than {IdentifyLimits.VersionBytes} bytes, or none given: shorten it.";
            }
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(Timeout)} is {Timeout}: allowed are 100 milliseconds to 1 minute; the default is 5 seconds.";
        }

        if (AddressLifetime < TimeSpan.FromMinutes(1) || AddressLifetime > TimeSpan.FromDays(30))
        {
            yield return $"{nameof(AddressLifetime)} is {AddressLifetime}: allowed are 1 minute to 30 days; the default is 1 hour.";
        }

        if (PushDelay < TimeSpan.Zero || PushDelay > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(PushDelay)} is {PushDelay}: allowed are 0 to 1 minute; the default is 500 milliseconds.";
        }

        if (MaxParallelPushes is < 1 or > 1024)
        {
            yield return $"{nameof(MaxParallelPushes)} is {MaxParallelPushes}: allowed are 1 to 1024; the default is 32.";
        }

        if (MaxPushesPerSecond is < 1 or > 1_000_000)
        {
            yield return $"{nameof(MaxPushesPerSecond)} is {MaxPushesPerSecond}: allowed are 1 to 1000000; the default is 2000.";
        }

        if (!(MaxPushesPerSecondAndNetwork is >= 0.001 and <= 1000))
        {
            yield return $"{nameof(MaxPushesPerSecondAndNetwork)} is {MaxPushesPerSecondAndNetwork}: allowed are 0.001 to 1000; the default is 0.2.";
        }

        if (PushBurst is < 1 or > 10_000)
        {
            yield return $"{nameof(PushBurst)} is {PushBurst}: allowed are 1 to 10000; the default is 16.";
        }
    }
}
