using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p id</c>: the identity in the data folder; made if there is none.</summary>
internal static class IdCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("id", "Print this node's identity; make one if there is none.");
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var file = NodeComposition.IdentityFileOf(settings);
                using var key = IdentityFile.LoadOrCreate(file).Key;
                IdentityLines.Print(key.PublicKey, file, "identity", settings.Json, output);
            });
        });
        return command;
    }
}
