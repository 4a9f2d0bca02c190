using System.CommandLine;

namespace Libp2p.Fuzz.Commands;

/// <summary>The option <c>--target</c>.</summary>
internal static class Targets
{
    public static Option<string[]> Option() => new("--target", "-t")
    {
        Description = "A target, or the beginning of several; repeatable. All of them where there is none.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "NAME",
        DefaultValueFactory = _ => ["all"],
    };

    /// <exception cref="ArgumentException">One names nothing.</exception>
    public static IReadOnlyList<FuzzTarget> Find(IEnumerable<string> names) => [.. names.SelectMany(Find).Distinct()];

    private static IEnumerable<FuzzTarget> Find(string name)
    {
        var exact = FuzzTargets.All.Where(target => target.Name == name).ToList();
        var found = exact.Count > 0 ? exact : FuzzTargets.All.Where(target => name == "all" || target.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        return found.Count > 0 ? found : [FuzzTargets.Get(name)];
    }
}
