using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Libp2p.Endurance.Soak;

/// <summary>One of the two processes, from outside. One caller at a time.</summary>
internal sealed class SoakProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _who;

    private SoakProcess(string who, Process process) => (_who, _process) = (who, process);

    /// <summary>Starts this program as one of the nodes.</summary>
    /// <returns>The process, and what it said first.</returns>
    public static async Task<(SoakProcess Process, SoakAnswer First)> StartAsync(string who, params string[] arguments)
    {
        var program = Path.Combine(typeof(SoakProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EnduranceFolder").Value!, "Libp2p.Endurance.dll");
        var process = new SoakProcess(who, Process.Start(new ProcessStartInfo("dotnet", [program, SoakCommand.NodeName, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        return (process, await process.ReadAsync().ConfigureAwait(false));
    }

    public async Task<SoakAnswer> AskAsync(string word)
    {
        await _process.StandardInput.WriteLineAsync(word).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        return await ReadAsync().ConfigureAwait(false);
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync()
    {
        await _process.StandardInput.WriteLineAsync(SoakNode.StopWord).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        await _process.WaitForExitAsync().For(() => $"{_who} does not stop").ConfigureAwait(false);
        if (_process.ExitCode != 0)
        {
            throw new EnduranceException($"{_who} ended with exit code {_process.ExitCode}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task<SoakAnswer> ReadAsync()
    {
        // Longer than the patience of a conversation, whose end it may have to tell.
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(2 * Patience.Limit).ConfigureAwait(false);
        return line is null ? throw new EnduranceException($"{_who} went away") : JsonSerializer.Deserialize<SoakAnswer>(line)!;
    }
}
