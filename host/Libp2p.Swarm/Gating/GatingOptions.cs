using System.Collections.Immutable;
using Libp2p.Swarm.Gating;

namespace Libp2p.Swarm;

/// <summary>
/// Whom a node connects with, both ways. A rule is a peer id (<c>12D3Koo...</c>), a network (<c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single IP address), or the beginning of a
/// multiaddr (<c>/dns4/example.com</c>, <c>/ip4/192.0.2.1/tcp/4001</c>, <c>/ip6</c>). What is dialed is looked at before, what comes in as soon as it is known.
/// </summary>
public sealed class GatingOptions
{
    /// <summary>How many rules each list may have.</summary>
    public const int MaxRules = 100_000;

    /// <summary>Who is refused, whatever <see cref="Allow"/> says. Default: nobody.</summary>
    public IList<string> Block { get; } = [];

    /// <summary>
    /// Where it names peers, only those; where it names networks or addresses, only those. Default: everybody.
    /// </summary>
    public IList<string> Allow { get; } = [];

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        foreach (var (rules, name) in new[] { (Block, nameof(Block)), (Allow, nameof(Allow)) })
        {
            if (rules.Count > MaxRules) problems.Add($"Gating:{name} has {rules.Count} rules: at most {MaxRules} are allowed; name networks instead of their addresses.");
            foreach (var rule in rules)
            {
                if (!GateRules.TryParse(rule, out _)) problems.Add($"Gating:{name}: '{rule}' is no rule: write a peer id, a network like 10.0.0.0/8, or the beginning of a multiaddr like /ip4/192.0.2.1.");
            }
        }
    }
}
