using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys show</c>: what is public of the key; unlike <c>libp2p id</c> it makes none.</summary>
internal static class ShowCommand
{
    public static Command Create(CommonOptions common, Option<string?> file)
    {
        var command = new Command("show", "Show the peer id and the public key.");
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var target = new KeyFile(settings, result.GetValue(file));
                using var key = target.Load();
                IdentityLines.Print(key.PublicKey, target.Path, "identity", settings.Json, output);
            });
        });
        return command;
    }
}
