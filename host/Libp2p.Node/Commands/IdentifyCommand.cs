using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p identify PEER</c>: what a peer says of itself.</summary>
internal static class IdentifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var peer = DialingCommand.Peer();
        var timeout = DialingCommand.Timeout();
        var command = new Command("identify", "Ask a peer what it is.") { peer, timeout };
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return DialingCommand.RunAsync(settings, result.GetRequiredValue(peer), result.GetValue(timeout), async (node, connection, cancel) =>
            {
                var info = await node.Require<IIdentifyService>("identify").IdentifyAsync(connection, cancel).ConfigureAwait(false);
                IdentifyLines.Print(info, connection.RemoteKey.Type, $"{connection.Security?.Value}, {connection.Muxer?.Value}", settings.Json, Console.Out);
                return ExitCode.Success;
            }, cancellationToken);
        });
        return command;
    }
}
