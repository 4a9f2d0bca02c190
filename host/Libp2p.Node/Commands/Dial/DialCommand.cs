using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.Node.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Node.Commands.Dial;

/// <summary><c>libp2p dial MULTIADDR</c>: connects, and explains what was tried.</summary>
internal static class DialCommand
{
    public static Command Create(CommonOptions common)
    {
        var address = DialingCommand.Address();
        var timeout = DialingCommand.Timeout();
        var explain = new Option<bool>("--explain") { Description = "Show every address: when it had its turn, how long it took, how it ended." };
        var command = new Command("dial", "Connect to a peer; say which address worked, and why the others did not.") { address, explain, timeout };
        command.SetAction((result, cancellationToken) =>
            RunAsync(common.Read(result), result.GetRequiredValue(address), result.GetValue(explain), result.GetValue(timeout), Console.Out, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, string address, bool explain, double timeout, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            if (!Multiaddr.TryParse(address, out var target)) throw new AddressException($"'{address}' is not a multiaddr.");
            using var host = NodeComposition.Dialing(settings);
            var node = host.Services.GetRequiredService<Libp2pNode>();
            await node.StartAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await using var events = node.Node.Events(cancellationToken).GetAsyncEnumerator(cancellationToken);
                deadline.CancelAfter(TimeSpan.FromSeconds(timeout));
                IConnection? connection = null;
                Exception? failure = null;
                try
                {
                    connection = await node.Node.ConnectAsync(target, cancellationToken: deadline.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    failure = new TransportException($"No connection to {target} within {timeout} s.", target);
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
            finally
            {
                await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failure.Report(e, settings, output, Console.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
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
