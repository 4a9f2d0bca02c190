using System.CommandLine;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.Node.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Node.Commands;

/// <summary>What the commands that dial one address share: a node that does not listen, a connection, and errors told by layer.</summary>
internal static class DialingCommand
{
    public static Argument<string> Address() => new("multiaddr") { Description = "Where the peer is, as /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo..." };

    public static Option<double> Timeout() => new("--timeout") { Description = "Seconds to wait for the connection.", DefaultValueFactory = _ => 30, HelpName = "SECONDS" };

    public static async Task<int> RunAsync(
        Settings settings, string address, double timeout, Func<INode, IConnection, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
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
                deadline.CancelAfter(TimeSpan.FromSeconds(timeout));
                IConnection connection;
                try
                {
                    connection = await node.Node.ConnectAsync(target, cancellationToken: deadline.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new TransportException($"No connection to {target} within {timeout} s.", target);
                }

                return await body(node.Node, connection, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failure.Report(e, settings, Console.Out, Console.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }

    public static T Require<T>(this INode node, string plugin) where T : class => node.Find<T>()
        ?? throw new UnsupportedProtocolException($"The plugin '{plugin}' is not active on this side; 'libp2p plugins' shows why.", []);
}
