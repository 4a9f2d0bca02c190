using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Dial;

/// <summary><c>libp2p dial PEER</c>: connects, and explains what was tried.</summary>
internal static class DialCommand
{
    public static Command Create(CommonOptions common)
    {
        var peer = DialingCommand.Peer();
        var timeout = DialingCommand.Timeout();
        var explain = new Option<bool>("--explain") { Description = "Show every address: when it had its turn, how long it took, how it ended." };
        var command = new Command("dial", "Connect to a peer; say which address worked, and why the others did not.") { peer, explain, timeout };
        command.SetAction((result, cancellationToken) =>
        {
            var settings = common.Read(result);
            return DialingCommand.RunAsync(
                settings,
                result.GetRequiredValue(peer),
                result.GetValue(timeout),
                (dialing, cancel) => RunAsync(dialing, settings, result.GetValue(explain), Console.Out, cancel),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Dialing dialing, Settings settings, bool explain, TextWriter output, CancellationToken cancellationToken)
    {
        await using var events = dialing.Node.Events(cancellationToken).GetAsyncEnumerator(cancellationToken);
        IConnection? connection = null;
        Libp2pException? failure = null;
        try
        {
            connection = await dialing.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Libp2pException cause)
        {
            failure = cause;
        }

        // A dial that was refused before it began has told of nothing.
        var report = failure is DialException dial ? dial.Report : await ReportAsync(events).ConfigureAwait(false);
        DialExplanation.Print(report, connection, explain, settings.Json, output);
        return failure is null ? ExitCode.Success : Failure.Report(failure, settings, output, Console.Error);
    }

    /// <summary>The dial is over: its report is among the events.</summary>
    private static async Task<DialReport> ReportAsync(IAsyncEnumerator<NodeEvent> events)
    {
        while (await events.MoveNextAsync().ConfigureAwait(false))
        {
            if (events.Current is DialEnded ended) return ended.Report;
        }

        return new DialReport(null, [], TimeSpan.Zero);
    }
}
