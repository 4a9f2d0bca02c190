using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What became of one address in a dial.</summary>
/// <param name="Address">The address.</param>
/// <param name="StartedAfter">From the start of the dial; null: never tried.</param>
/// <param name="Took">How long it took; null: never tried, or abandoned.</param>
/// <param name="Steps">The steps passed (<c>transport</c>, <c>/noise</c>, <c>/yamux/1.0.0</c>).</param>
/// <param name="Error">Why it failed or was skipped; null: it became the connection, or was abandoned.</param>
public sealed record DialAttempt(Multiaddr Address, TimeSpan? StartedAfter, TimeSpan? Took, ImmutableArray<string> Steps, Exception? Error);

/// <summary>What a dial tried, in order.</summary>
/// <param name="Peer">Who was dialed; null: whoever answers.</param>
/// <param name="Attempts">Every address and what became of it.</param>
/// <param name="Took">The whole dial.</param>
public sealed record DialReport(PeerId? Peer, ImmutableArray<DialAttempt> Attempts, TimeSpan Took);

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
            var furthest = ConnectionLayer.Address;
            foreach (var attempt in Report.Attempts)
            {
                var layer = (attempt.Error as Libp2pException)?.Layer ?? ConnectionLayer.Transport;
                if (attempt.Error is not null && layer > furthest) furthest = layer;
            }

            return furthest;
        }
    }
}
