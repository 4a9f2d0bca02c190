using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

/// <summary>
/// Which project may see which. Arrows run one way: Multiformats, Abstractions, then every plugin; Abstractions, Swarm, Hosting, Hosting.Plugins, Node.
/// </summary>
public static class Arrows
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Libp2p.Multiformats"] = [],
        ["Libp2p.Abstractions"] = ["Libp2p.Multiformats"],
        ["Libp2p.Swarm"] = ["Libp2p.Abstractions", "Libp2p.Multiformats"],
        ["Libp2p.Hosting"] = ["Libp2p.Swarm", "Libp2p.Abstractions", "Libp2p.Multiformats"],
        ["Libp2p.Hosting.Plugins"] = ["Libp2p.Hosting", "Libp2p.Swarm", "Libp2p.Abstractions", "Libp2p.Multiformats"],
    };

    /// <summary>The references, of a project or an assembly, that break the rule.</summary>
    public static IEnumerable<string> Broken(Project project, IEnumerable<string> references)
    {
        var ours = references.Where(static name => name.StartsWith("Libp2p.", StringComparison.Ordinal));
        if (Allowed.TryGetValue(project.Name, out var allowed)) return ours.Except(allowed).Select(name => $"{project.Name} sees {name}");
        if (!project.Folder.StartsWith("plugins/", StringComparison.Ordinal)) return [];

        // What plugins share is copied into each plugin's folder; it is no plugin.
        string[] contracts = ["Libp2p.Multiformats", "Libp2p.Abstractions"];
        var common = Repository.IsCommon(project) ? [] : Repository.Projects.Where(Repository.IsCommon).Select(static shared => shared.Name);
        return ours.Except(contracts).Except(common).Select(name => $"{project.Name} sees {name}");
    }
}
