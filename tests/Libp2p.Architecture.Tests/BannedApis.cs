using Libp2p.Architecture.Tests.Reading;
using Libp2p.Generators.Runtime;

namespace Libp2p.Architecture.Tests;

/// <summary>
/// What plugins and the swarm do not touch, looked for in what was compiled: generated code and suppressed lines too. The list is the analyzer's,
/// <see cref="RuntimeRules"/>.
/// </summary>
public static class BannedApis
{
    /// <summary>The uses that break the rule.</summary>
    public static IEnumerable<Use> Broken(AssemblyFacts assembly) => assembly.Uses.Where(static use => IsBanned(use) && !RuntimeRules.IsExcepted(use.Caller, use.Type));

    public static bool IsBanned(Use use) => RuntimeRules.Find(use.Type, use.Member, use.Parameters) is not null;
}
