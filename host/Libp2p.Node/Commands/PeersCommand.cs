using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p peers</c>: what the node that runs on the data folder knows of others.</summary>
internal static class PeersCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("peers", "Show the peers that the running node knows.");
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return ControlCommand.RunAsync(settings, async (node, cancel) =>
            {
                var answer = await node.AskAsync("peers", cancel).ConfigureAwait(false);
                if (settings.Json)
                {
                    JsonLine.WriteAnswer(Console.Out, "peers", answer);
                    return;
                }

                foreach (var peer in answer.GetProperty("peers").EnumerateArray())
                {
                    var connected = peer.GetProperty("connected").GetBoolean() ? "connected" : "known";
                    Console.WriteLine($"{peer.GetProperty("peer")}  {connected}  {TerminalText.Clean(peer.GetProperty("agentVersion").GetString())}");
                    foreach (var address in peer.GetProperty("addrs").EnumerateArray()) Console.WriteLine($"  {TerminalText.Clean(address.GetString())}");
                }
            }, cancellationToken);
        });
        return command;
    }
}
