using System.CommandLine;
using Libp2p.Node.Commands;
using Libp2p.Node.Commands.Completion;
using Libp2p.Node.Commands.Doctor;
using Libp2p.Node.Commands.Dial;
using Libp2p.Node.Commands.Handshake;
using Libp2p.Node.Commands.Inspect;
using Libp2p.Node.Commands.Keys;
using Libp2p.Node.Commands.Limits;

namespace Libp2p.Node;

/// <summary>All that the program can be asked.</summary>
internal static class CommandTree
{
    /// <summary>Reads a command line. One that just runs a node is understood without the commands, which take longer to make than the line to read.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0].StartsWith('-'))
        {
            var root = CreateRoot(out _);
            var alone = root.Parse(args);
            if (alone.Errors.Count == 0 && alone.Action == root.Action) return alone;
        }

        return Create().Parse(args);
    }

    public static RootCommand Create()
    {
        var root = CreateRoot(out var common);
        root.Subcommands.Add(PingCommand.Create(common));
        root.Subcommands.Add(IdentifyCommand.Create(common));
        root.Subcommands.Add(DialCommand.Create(common));
        root.Subcommands.Add(HandshakeCommand.Create(common));
        root.Subcommands.Add(PerfCommand.Create(common));
        root.Subcommands.Add(IdCommand.Create(common));
        root.Subcommands.Add(KeysCommand.Create(common));
        root.Subcommands.Add(InspectCommand.Create(common));
        root.Subcommands.Add(PluginsCommand.Create(common));
        root.Subcommands.Add(DoctorCommand.Create(common));
        root.Subcommands.Add(StatusCommand.Create(common));
        root.Subcommands.Add(PeersCommand.Create(common));
        root.Subcommands.Add(LimitsCommand.Create(common));
        root.Subcommands.Add(StopCommand.Create(common));
        root.Subcommands.Add(CompletionCommand.Create(common));
        return root;
    }

    private static RootCommand CreateRoot(out CommonOptions common)
    {
        var root = new RootCommand("A libp2p node. Without a command it runs until interrupted.");
        common = new CommonOptions(root);
        RunCommand.Configure(root, common);
        return root;
    }
}
