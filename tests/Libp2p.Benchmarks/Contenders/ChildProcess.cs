using System.Diagnostics;

namespace Libp2p.Benchmarks.Contenders;

/// <summary>A process that prints lines and ends when its standard input does.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _noise = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(IReadOnlyList<string> command, IEnumerable<string> arguments, bool pinned) =>
        Start(Command(pinned && Pinning.Available ? [.. Pinning.Command, .. command, .. arguments] : [.. command, .. arguments]));

    /// <summary>With tiered compilation, as programs have it unless they say otherwise; this one does.</summary>
    public static ChildProcess StartTiered(IReadOnlyList<string> command, IEnumerable<string> arguments)
    {
        var start = Command([.. command, .. arguments]);
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return Start(start);
    }

    private static ProcessStartInfo Command(List<string> line) =>
        new(line[0], line.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    private static ChildProcess Start(ProcessStartInfo start)
    {
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        var child = new ChildProcess(process);
        process.ErrorDataReceived += (_, e) => child.Note(e.Data);
        process.BeginErrorReadLine();
        return child;
    }

    /// <exception cref="InvalidOperationException">It ended, or printed nothing for too long; with the end of what it wrote to standard error.</exception>
    public async Task<string> ReadLineAsync(TimeSpan patience)
    {
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(patience).ConfigureAwait(false);
            if (line is not null) return line;
            await _process.WaitForExitAsync().WaitAsync(Ending).ConfigureAwait(false);
            throw Failed("ended");
        }
        catch (TimeoutException)
        {
            throw Failed($"printed nothing for {patience.TotalSeconds} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Ending).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }
        finally
        {
            _process.Dispose();
        }
    }

    private InvalidOperationException Failed(string what)
    {
        lock (_noise) return new InvalidOperationException($"{Path.GetFileName(_process.StartInfo.FileName)} {string.Join(' ', _process.StartInfo.ArgumentList.Take(3))} {what}: {string.Join(" ", _noise)}");
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_noise)
        {
            _noise.Enqueue(line.Trim());
            if (_noise.Count > 8) _noise.Dequeue();
        }
    }
}
