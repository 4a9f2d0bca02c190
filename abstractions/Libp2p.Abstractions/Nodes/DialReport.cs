using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What a dial tried, in the order in which addresses became known.</summary>
/// <param name="Peer">Who was dialed; null: whoever answers.</param>
/// <param name="Attempts">Every address and what became of it.</param>
/// <param name="Took">The whole dial.</param>
public sealed record DialReport(PeerId? Peer, ImmutableArray<DialAttempt> Attempts, TimeSpan Took)
{
    /// <summary>How many further addresses were over the limit of addresses a dial, and are not among the attempts.</summary>
    public int OverLimit { get; init; }
}

/// <summary>What became of one address in a dial. Times count from the start of the dial.</summary>
public sealed record DialAttempt
{
    /// <summary>The address, without <c>/p2p</c>.</summary>
    public required Multiaddr Address { get; init; }

    /// <summary>The name that was resolved to it; null: it was known as it is.</summary>
    public Multiaddr? ResolvedFrom { get; init; }

    /// <summary>What became of it.</summary>
    public required DialOutcome Outcome { get; init; }

    /// <summary>When it became known.</summary>
    public TimeSpan KnownAfter { get; init; }

    /// <summary>When the ranking gave it its turn; a start that comes later waited for a token. Null: never.</summary>
    public TimeSpan? DueAfter { get; init; }

    /// <summary>When it was dialed; null: never tried.</summary>
    public TimeSpan? StartedAfter { get; init; }

    /// <summary>How long it was tried; null: never.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>The steps passed (<c>transport</c>, <c>/noise</c>, <c>/yamux/1.0.0</c>).</summary>
    public ImmutableArray<DialStep> Steps { get; init; } = [];

    /// <summary>Why it failed or was skipped; null: neither.</summary>
    public Exception? Error { get; init; }
}

/// <summary>A step of an attempt.</summary>
/// <param name="Name">What was done.</param>
/// <param name="After">When it was done, from the start of the dial.</param>
public sealed record DialStep(string Name, TimeSpan After);

/// <summary>What became of an address in a dial.</summary>
public enum DialOutcome
{
    /// <summary>The dial was over before its turn came.</summary>
    Waiting,

    /// <summary>It is being dialed, or resolved.</summary>
    Dialing,

    /// <summary>It became the connection.</summary>
    Connected,

    /// <summary>It failed; the error says why.</summary>
    Failed,

    /// <summary>It was not worth a try; the error says why.</summary>
    Skipped,

    /// <summary>It was given up: the dial was over while it was tried.</summary>
    Abandoned,

    /// <summary>It is a name, whose addresses are attempts of their own.</summary>
    Resolved,
}

/// <summary>A dial failed; the report says what was tried. The layer is that of the attempt that got furthest.</summary>
public sealed class DialException(string message, DialReport report, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <summary>What was tried.</summary>
    public DialReport Report { get; } = report;

    /// <inheritdoc/>
    public override ConnectionLayer Layer
    {
        get
        {
            var furthest = (InnerException as Libp2pException)?.Layer ?? ConnectionLayer.Address;
            foreach (var attempt in Report.Attempts)
            {
                var layer = (attempt.Error as Libp2pException)?.Layer ?? ConnectionLayer.Transport;
                if (attempt.Error is not null && layer > furthest) furthest = layer;
            }

            return furthest;
        }
    }
}
