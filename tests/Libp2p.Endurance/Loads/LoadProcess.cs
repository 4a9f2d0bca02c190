using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Libp2p.Endurance.Loads;

/// <summary>A <see cref="LoadNode"/> from outside. One caller at a time.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LoadProcess(Process process) => _process = process;

    /// <summary>Starts this program as a node.</summary>
    /// <returns>The process, and what it said first.</returns>
    public static async Task<(LoadProcess Process, LoadAnswer First)> StartAsync(params string[] arguments)
    {
        var program = Path.Combine(typeof(LoadProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EnduranceFolder").Value!, "Libp2p.Endurance.dll");
        var process = new LoadProcess(Process.Start(new ProcessStartInfo("dotnet", [program, LoadCommand.NodeName, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        return (process, await process.ReadAsync(Patience.Limit).ConfigureAwait(false));
    }

    public Task<LoadAnswer> SampleAsync() => AskAsync(LoadNode.SampleWord, Patience.Limit);

    public async Task<double[]> PingAsync(TimeSpan time) =>
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"{LoadNode.PingWord} {time.TotalSeconds}"), Patience.Limit + time).ConfigureAwait(false)).RoundTrips!;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task<LoadAnswer> AskAsync(string word, TimeSpan patience)
    {
        await _process.StandardInput.WriteLineAsync(word).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        return await ReadAsync(patience).ConfigureAwait(false);
    }

    private async Task<LoadAnswer> ReadAsync(TimeSpan patience)
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(patience).ConfigureAwait(false);
        return line is null ? throw new EnduranceException("A node under load went away.") : JsonSerializer.Deserialize<LoadAnswer>(line)!;
    }
}
