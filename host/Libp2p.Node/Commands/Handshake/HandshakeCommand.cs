using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Handshake;

/// <summary><c>libp2p handshake PEER</c>: connects, and shows what was agreed on and how long each step took.</summary>
internal static class HandshakeCommand
{
    public static Command Create(CommonOptions common)
    {
        var peer = DialingCommand.Peer();
        var timeout = DialingCommand.Timeout();
        var command = new Command("handshake", "Connect to a peer; show what was agreed on, and the time of each step.") { peer, timeout };
        command.SetAction((result, cancellationToken) => RunAsync(common.Read(result), result.GetRequiredValue(peer), result.GetValue(timeout), Console.Out, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, string peer, double timeout, TextWriter output, CancellationToken cancellationToken)
    {
        using var trace = new HandshakeTrace();
        var connected = false;
        var code = await DialingCommand.RunAsync(settings, peer, timeout, async (node, connection, cancel) =>
        {
            connected = true;
            var (info, step) = await IdentifyAsync(node, connection, trace.Steps()[^1].End, cancel).ConfigureAwait(false);
            new HandshakeReport(connection, trace.EarlyMuxer, info, [.. trace.Steps(), step]).Print(settings.Json, output);
            return ExitCode.Success;
        }, cancellationToken).ConfigureAwait(false);

        // The error has been told; this is how far it came.
        if (!connected && trace.Steps() is { Count: > 0 } steps)
        {
            if (!settings.Json) HandshakeReport.PrintSteps(steps, output);
            else
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "steps");
                    HandshakeReport.WriteSteps(json, steps);
                });
            }
        }

        return code;
    }

    /// <summary>The node asks by itself once it is connected; this waits for the answer. A remote need not give one.</summary>
    private static async Task<(IdentifyInfo? Info, HandshakeStep Step)> IdentifyAsync(INode node, IConnection connection, TimeSpan start, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        IdentifyInfo? info = null;
        string? error = null;
        try
        {
            info = await node.Require<IIdentifyService>("identify").IdentifyAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Libp2pException e)
        {
            error = e.Message;
        }

        return (info, new HandshakeStep(HandshakeStep.Names.Identify, start, TimeProvider.System.GetElapsedTime(started), error));
    }
}
