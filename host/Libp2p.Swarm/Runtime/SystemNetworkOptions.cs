using System.Collections.Immutable;
using System.Net;

namespace Libp2p.Swarm;

/// <summary>How the sockets of a <see cref="SystemNetwork"/> behave, and whom it asks for TXT records.</summary>
public sealed class SystemNetworkOptions : IValidatableOptions
{
    /// <summary>
    /// Whether a finished receive or send continues on the thread that polled the socket instead of the thread pool; saves a hop each (about a third of
    /// the time of a 64 KiB loopback transfer). Default true. Where the runtime cannot, it is ignored.
    /// </summary>
    /// <remarks>
    /// The runtime then polls with one thread a processor, unless <c>DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT</c> says otherwise or a socket was
    /// opened in this process before.
    /// </remarks>
    public bool InlineCompletions { get; init; } = true;

    /// <summary>The name servers asked for TXT records, in order; at most 8. Empty, the default: those that the system is set to.</summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>How long one question to one name server may take before it is asked again, then the next. Default 2 s; 10 ms to 1 min.</summary>
    public TimeSpan NameServerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer may take in all, whoever is asked. Default 10 s; 10 ms to 5 min.</summary>
    public TimeSpan TextTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most TXT records of one answer; those after them are left out. Default 256; 1 to 4096. An answer of DNS has no more than 64 KiB.</summary>
    public int MaxTextRecords { get; init; } = 256;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (NameServers.IsDefault || NameServers.Length > 8) yield return $"{nameof(NameServers)}: at most 8.";
        if (Outside(NameServerTimeout, TimeSpan.FromMinutes(1))) yield return $"{nameof(NameServerTimeout)}: {NameServerTimeout} is outside 10 ms to 1 min.";
        if (Outside(TextTimeout, TimeSpan.FromMinutes(5))) yield return $"{nameof(TextTimeout)}: {TextTimeout} is outside 10 ms to 5 min.";
        if (MaxTextRecords is < 1 or > 4096) yield return $"{nameof(MaxTextRecords)}: {MaxTextRecords} is outside 1 to 4096.";

        static bool Outside(TimeSpan time, TimeSpan most) => time < TimeSpan.FromMilliseconds(10) || time > most;
    }
}
