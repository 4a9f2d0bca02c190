using Libp2p.Node.Control;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands;

/// <summary>What the commands that ask a running node share.</summary>
internal static class ControlCommand
{
    public static async Task<int> RunAsync(Settings settings, Func<ControlClient, CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        try
        {
            var client = await ControlClient.ConnectAsync(settings.DataFolder, cancellationToken).ConfigureAwait(false);
            await using (client.ConfigureAwait(false)) await body(client, cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (CommandException e)
        {
            return Failure.Report(e, settings, Console.Out, Console.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }
}
