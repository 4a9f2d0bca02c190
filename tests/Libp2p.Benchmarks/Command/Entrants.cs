using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Roles;
using Libp2p.Benchmarks.Roles.Ceiling;

namespace Libp2p.Benchmarks.Command;

/// <summary>Who takes part, and who does not, and why.</summary>
internal sealed record Entrants(IReadOnlyList<Contender> Contenders, IReadOnlyList<string> LeftOut)
{
    public static Entrants Of(BenchmarkOptions options)
    {
        var contenders = new List<Contender> { new OwnContender(Contender.Ours, Sides.Hop, OwnContender.ThisProgram) { NodeProgram = options.Node is { } node ? Path.GetFullPath(node) : PluginFolders.BuiltNode } };
        var leftOut = new List<string>();
        Add(new OwnContender(Contender.Inline, Sides.Inline, OwnContender.ThisProgram), null);
        if (options.Native is { } native) Add(new OwnContender(Contender.Native, Sides.Hop, [Path.GetFullPath(native)]), File.Exists(native) ? null : $"there is no {native}");
        else leftOut.Add($"{Contender.Native}: publish this project with -r RID and give the program with --native");
        Add(new OwnContender(Contender.Ceiling, Sides.Ceiling, OwnContender.ThisProgram), LibCrypto.Present ? null : "it needs OpenSSL 3");
        Add(new OwnContender(Contender.Raw, Sides.Raw, OwnContender.ThisProgram), null);
        foreach (var (name, command) in options.Peers) Add(new PeerContender(name, command), Missing(command));
        if (options.Peers.Count == 0) leftOut.Add("other implementations: give their test peers with --peer NAME=COMMAND");
        return new Entrants(contenders, leftOut);

        void Add(Contender contender, string? problem)
        {
            if (options.Contenders.Count > 0 && !options.Contenders.Contains(contender.Name)) return;
            if (problem is null) contenders.Add(contender);
            else leftOut.Add($"{contender.Name}: {problem}");
        }
    }

    private static string? Missing(IReadOnlyList<string> command)
    {
        if (command.Count == 0) return "its command is empty";
        var absent = command.FirstOrDefault(part => Path.IsPathRooted(part) && !File.Exists(part));
        return absent is null ? null : $"there is no {absent}";
    }
}
