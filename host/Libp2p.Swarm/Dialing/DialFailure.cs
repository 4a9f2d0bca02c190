using System.Collections.Immutable;
using System.Text;

namespace Libp2p.Swarm.Dialing;

/// <summary>Says what became of a dial, and what to try.</summary>
internal static class DialFailure
{
    private const int MostLines = 8;

    /// <summary>The error of a dial of which every address failed.</summary>
    public static DialException Of(string target, DialReport report, TimeSpan? timedOut)
    {
        var worst = Furthest(report);
        var message = new StringBuilder();
        message.Append("Could not connect to ").Append(target);
        if (timedOut is { } limit) message.Append(" within ").Append(Seconds(limit)).Append($" ({DialOptions.Name(nameof(DialOptions.PeerTimeout))})");
        if (report.Attempts is [{ } only])
        {
            message.Append(" at ").Append(only.Address).Append(": ").Append(Why(only));
        }
        else if (report.Attempts.IsEmpty)
        {
            message.Append(": no address of it is known. Give one (ConnectAsync with an address that ends in /p2p/ID), or install discovery or routing.");
        }
        else
        {
            message.Append(": none of ").Append(report.Attempts.Length).Append(" addresses worked.");
            foreach (var attempt in report.Attempts.Take(MostLines))
            {
                message.Append("\n  ").Append(attempt.Address).Append(": ").Append(Why(attempt));
            }

            if (report.Attempts.Length > MostLines) message.Append("\n  ... and ").Append(report.Attempts.Length - MostLines).Append(" more in the report.");
        }

        if (report.OverLimit > 0)
        {
            message.Append("\n  ").Append(report.OverLimit).Append(" addresses were over the limit (").Append(DialOptions.Name(nameof(DialOptions.MaxAddresses))).Append(") and not tried.");
        }

        if (worst is not null && Remedy(worst) is { } remedy) message.Append(report.Attempts.Length > 1 ? "\n" : " ").Append(remedy);
        return new DialException(message.ToString(), report, worst);
    }

    /// <summary>The error of a dial that was refused before any address was tried.</summary>
    public static DialException Refused(PeerId? peer, Libp2pException why)
    {
        ImmutableArray<DialAttempt> attempts = why is AddressException { Address: { } address } ? [new DialAttempt { Address = address, Outcome = DialOutcome.Skipped, Error = why }] : [];
        return new DialException(why.Message, new DialReport(peer, attempts, TimeSpan.Zero), why);
    }

    public static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.###} s";

    private static string Why(DialAttempt attempt) => attempt.Error?.Message ?? attempt.Outcome switch
    {
        DialOutcome.Resolved => "leads to no further address.",
        DialOutcome.Waiting => "not tried.",
        _ => "no answer yet.",
    };

    private static Exception? Furthest(DialReport report)
    {
        Exception? furthest = null;
        var layer = -1;
        foreach (var attempt in report.Attempts)
        {
            if (attempt.Error is null) continue;
            var reached = (int)((attempt.Error as Libp2pException)?.Layer ?? ConnectionLayer.Transport);
            if (reached <= layer) continue;
            layer = reached;
            furthest = attempt.Error;
        }

        return furthest;
    }

    private static string? Remedy(Exception error) => error switch
    {
        PeerIdMismatchException mismatch => $"If {mismatch.Actual} is the node you mean, dial it by that id.",
        TransportException => "Check that the node is running and that this address is reachable from here.",
        UnsupportedProtocolException => "Both sides need a security channel and a muxer in common.",
        NegotiationException => "Check that a libp2p node, and not something else, answers there.",
        SecureChannelException => "Check that a libp2p node answers there, and that nothing between the two changes what they send.",
        _ => null,
    };
}
