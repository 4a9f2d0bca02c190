using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary>What the commands that dial one peer share: a node that does not listen, a connection, and errors told by layer.</summary>
internal static class DialingCommand
{
    public static Argument<string> Peer() => new("peer")
    {
        Description = "Where the peer is, as /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...; or its peer id alone, where the node that runs on the data folder, or routing, knows its addresses.",
    };

    public static Option<double> Timeout() => new("--timeout") { Description = "Seconds to wait for the connection.", DefaultValueFactory = _ => 30, HelpName = "SECONDS" };

    /// <summary>Connects, and goes on with the connection.</summary>
    public static Task<int> RunAsync(
        Settings settings, string peer, double timeout, Func<INode, IConnection, CancellationToken, Task<int>> body, CancellationToken cancellationToken) =>
        RunAsync(settings, peer, timeout, async (dialing, cancel) => await body(dialing.Node, await dialing.ConnectAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false), cancellationToken);

    /// <summary>Goes on with what connects.</summary>
    public static async Task<int> RunAsync(Settings settings, string peer, double timeout, Func<Dialing, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
    {
        try
        {
            var target = await DialingTarget.OfAsync(peer, settings, cancellationToken).ConfigureAwait(false);
            await using var host = NodeComposition.Dialing(settings);
            var node = host.Node;
            await node.StartAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await body(new Dialing(node.Node, target, TimeSpan.FromSeconds(timeout)), cancellationToken).ConfigureAwait(false);
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
