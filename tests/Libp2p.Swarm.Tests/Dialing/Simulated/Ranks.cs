using Libp2p.Multiformats;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>What a report must show of the order of addresses, told in other words than those of the dialer.</summary>
internal static class Ranks
{
    public static void ShouldBeKept(DialReport report)
    {
        var tried = report.Attempts.Where(static attempt => attempt.Outcome is not (DialOutcome.Skipped or DialOutcome.Resolved)).ToArray();
        foreach (var better in tried)
        {
            foreach (var worse in tried)
            {
                // Of those that became known in time.
                if (!IsBetter(better, worse, tried) || worse.DueAfter is not { } due || better.KnownAfter >= due) continue;
                better.DueAfter.ShouldNotBeNull($"{worse.Address} had its turn, and not {better.Address}");
                better.DueAfter.Value.ShouldBeLessThanOrEqualTo(due, $"{better.Address} had its turn after {worse.Address}");
                if (worse.StartedAfter is not { } started) continue;
                better.StartedAfter.ShouldNotBeNull($"{worse.Address} was dialed, and not {better.Address}");
                better.StartedAfter.Value.ShouldBeLessThanOrEqualTo(started, $"{better.Address} was dialed after {worse.Address}");
            }
        }
    }

    /// <summary>Within near, public and relayed ones: QUIC before TCP; of the same, the first of IPv6 before any of IPv4.</summary>
    private static bool IsBetter(DialAttempt one, DialAttempt other, DialAttempt[] all)
    {
        if (GroupOf(one) != GroupOf(other)) return false;
        if (IsQuic(one) != IsQuic(other)) return IsQuic(one);
        return IsSix(one) && !IsSix(other) && one == all.First(attempt => GroupOf(attempt) == GroupOf(one) && IsQuic(attempt) == IsQuic(one) && IsSix(attempt));
    }

    private static (bool Relayed, bool Near) GroupOf(DialAttempt attempt) => (attempt.Address.Has(MultiaddrProtocol.P2pCircuit), attempt.Address.IsPrivate);

    private static bool IsQuic(DialAttempt attempt) => attempt.Address.Has(MultiaddrProtocol.QuicV1);

    private static bool IsSix(DialAttempt attempt) => attempt.Address.ToString().StartsWith("/ip6/", StringComparison.Ordinal);
}
