using System.Collections.Immutable;
using System.Net;

namespace Libp2p.Swarm;

/// <summary>How the sockets of a <see cref="SystemNetwork"/> behave, and whom it asks about names.</summary>
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

    /// <summary>
    /// The name servers asked for TXT records and addresses, in order; at most 8. Empty, the default: the system's resolver for addresses, and the name servers that it is set to for TXT
    /// records. Where they are named its hosts file and search domains do not count; names without a dot, <c>.localhost</c> and <c>.local</c> are the system's in any case.
    /// </summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>How long one question to one name server may take before it is asked again, then the next. Default 2 s; 10 ms to 1 min.</summary>
    public TimeSpan NameServerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer of name servers may take in all, whichever is asked. Default 10 s; 10 ms to 5 min.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most records of one answer; those after them are left out. Default 256; 1 to 4096. An answer of DNS has no more than 64 KiB.</summary>
    public int MaxRecords { get; init; } = 256;

    /// <summary>
    /// How many names are looked up at the same time: each takes a socket, or a thread of the system's resolver; more wait. Default 32; 1 to 1024.
    /// </summary>
    public int MaxLookups { get; init; } = 32;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (NameServers.IsDefault || NameServers.Length > 8) yield return $"{nameof(NameServers)}: at most 8.";
        if (Outside(NameServerTimeout, TimeSpan.FromMinutes(1))) yield return $"{nameof(NameServerTimeout)}: {NameServerTimeout} is outside 10 ms to 1 min.";
        if (Outside(AnswerTimeout, TimeSpan.FromMinutes(5))) yield return $"{nameof(AnswerTimeout)}: {AnswerTimeout} is outside 10 ms to 5 min.";
        if (MaxRecords is < 1 or > 4096) yield return $"{nameof(MaxRecords)}: {MaxRecords} is outside 1 to 4096.";
        if (MaxLookups is < 1 or > 1024) yield return $"{nameof(MaxLookups)}: {MaxLookups} is outside 1 to 1024.";

        static bool Outside(TimeSpan time, TimeSpan most) => time < TimeSpan.FromMilliseconds(10) || time > most;
    }
}
