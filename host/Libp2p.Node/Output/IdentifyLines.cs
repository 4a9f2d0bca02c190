namespace Libp2p.Node.Output;

/// <summary>What a peer says of itself. All of it but the peer id is a stranger's text.</summary>
internal static class IdentifyLines
{
    public static void Print(IdentifyInfo info, KeyType keyType, string layers, bool json, TextWriter output)
    {
        if (json)
        {
            JsonLine.Write(output, line =>
            {
                line.WriteString("event", "identify");
                line.WriteString("peerId", info.PeerId.ToString());
                line.WriteString("agentVersion", info.AgentVersion);
                line.WriteString("protocolVersion", info.ProtocolVersion);
                line.WriteStrings("listenAddrs", info.ListenAddresses.Select(a => a.ToString()));
                line.WriteString("observedAddr", info.ObservedAddress?.ToString());
                line.WriteStrings("protocols", info.Protocols.Select(p => p.Value));
                line.WriteBoolean("signedRecord", info.SignedRecord is not null);
            });
            return;
        }

        output.WriteLine($"peer id     {info.PeerId}");
        output.WriteLine($"agent       {TerminalText.Clean(info.AgentVersion ?? "unnamed")}");
        output.WriteLine($"version     {TerminalText.Clean(info.ProtocolVersion ?? "unnamed")}");
        output.WriteLine($"key         {keyType}");
        output.WriteLine($"connection  {layers}");
        output.WriteLine($"sees us at  {TerminalText.Clean(info.ObservedAddress?.ToString() ?? "(not told)")}");
        output.WriteLine($"listens on  {(info.SignedRecord is null ? "" : "(signed)")}");
        foreach (var listening in info.ListenAddresses) output.WriteLine($"  {TerminalText.Clean(listening.ToString())}");
        output.WriteLine("speaks");
        foreach (var protocol in info.Protocols) output.WriteLine($"  {TerminalText.Clean(protocol.Value)}");
    }
}
