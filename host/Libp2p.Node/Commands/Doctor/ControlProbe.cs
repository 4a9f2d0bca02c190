using System.Text.Json;
using Libp2p.Node.Control;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Doctor;

/// <summary>Whether a node runs on the data folder, and answers.</summary>
internal sealed record ControlProbe(Finding Finding)
{
    public static async Task<ControlProbe> RunAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var client = await ControlClient.ConnectAsync(folder, cancellationToken).ConfigureAwait(false);
            await using var closing = client.ConfigureAwait(false);
            return new(Answered(await client.AskAsync("status", cancellationToken).ConfigureAwait(false)));
        }
        catch (CommandException e)
        {
            return new(IsHeld(folder)
                ? Finding.Problem("node", $"one runs on it and cannot be asked: {e.Message}", "Look at its log; a path over 100 bytes is too long for a socket: choose a shorter one with --data DIR.")
                : Finding.Ok("node", "none runs on it"));
        }
    }

    private static Finding Answered(JsonElement status)
    {
        var uptime = TerminalText.Span(TimeSpan.FromSeconds(status.GetProperty("uptimeSeconds").GetDouble()));
        var version = status.GetProperty("version").GetString();
        var text = $"runs for {uptime} as pid {status.GetProperty("pid")}, version {version}, {status.GetProperty("connections").GetArrayLength()} connections";
        return version == RunningNode.Version ? Finding.Ok("node", text) : Finding.Note("node", $"{text}; this program is {RunningNode.Version}", "Restart it to have one version.");
    }

    /// <summary>Whether a node holds the folder. Makes neither folder nor file.</summary>
    private static bool IsHeld(string folder)
    {
        try
        {
            if (!File.Exists(Path.Combine(folder, DataFolderLock.FileName))) return false;
            using var free = DataFolderLock.TryTake(folder);
            return free is null;
        }
        catch (CommandException)
        {
            return false;
        }
    }
}
