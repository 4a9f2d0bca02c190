using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary><c>libp2p identify MULTIADDR</c>: what a peer says of itself.</summary>
internal static class IdentifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var address = DialingCommand.Address();
        var timeout = DialingCommand.Timeout();
        var command = new Command("identify", "Ask a peer what it is.") { address, timeout };
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return DialingCommand.RunAsync(settings, result.GetRequiredValue(address), result.GetValue(timeout), async (node, connection, cancel) =>
            {
                Print(await node.Require<IIdentifyService>("identify").IdentifyAsync(connection, cancel).ConfigureAwait(false), connection, settings, Console.Out);
                return ExitCode.Success;
            }, cancellationToken);
        });
        return command;
    }

    private static void Print(IdentifyInfo info, IConnection connection, Settings settings, TextWriter output)
    {
        if (settings.Json)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString("event", "identify");
                json.WriteString("peerId", info.PeerId.ToString());
                json.WriteString("agentVersion", info.AgentVersion);
                json.WriteString("protocolVersion", info.ProtocolVersion);
                json.WriteStrings("listenAddrs", info.ListenAddresses.Select(a => a.ToString()));
                json.WriteString("observedAddr", info.ObservedAddress?.ToString());
                json.WriteStrings("protocols", info.Protocols.Select(p => p.Value));
                json.WriteBoolean("signedRecord", info.SignedRecord is not null);
            });
            return;
        }

        output.WriteLine($"peer id     {info.PeerId}");
        output.WriteLine($"agent       {info.AgentVersion ?? "unnamed"}");
        output.WriteLine($"version     {info.ProtocolVersion ?? "unnamed"}");
        output.WriteLine($"key         {connection.RemoteKey.Type}");
        output.WriteLine($"connection  {connection.Security?.Value}, {connection.Muxer?.Value}");
        output.WriteLine($"sees us at  {info.ObservedAddress?.ToString() ?? "(not told)"}");
        output.WriteLine($"listens on  {(info.SignedRecord is null ? "" : "(signed)")}");
        foreach (var listening in info.ListenAddresses) output.WriteLine($"  {listening}");
        output.WriteLine("speaks");
        foreach (var protocol in info.Protocols) output.WriteLine($"  {protocol}");
    }
}
