using System.CommandLine;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys</c>: the private key that a node's identity is.</summary>
internal static class KeysCommand
{
    public static Command Create(CommonOptions common)
    {
        var file = new Option<string?>("--file", "-f")
        {
            Description = "The file that holds the key. Default: that of the node on the data folder.",
            HelpName = "FILE",
            Recursive = true,
        };
        return new Command("keys", "Make, take in, give out and show the node's key.")
        {
            file,
            CreateCommand.Create(common, file),
            ImportCommand.Create(common, file),
            ExportCommand.Create(common, file),
            ShowCommand.Create(common, file),
        };
    }

    public static Option<bool> Force(string what) => new("--force") { Description = what };
}
