using System.Diagnostics;
using System.Reflection;

namespace Libp2p.Benchmarks.Tests;

/// <summary>A program built beside the tests, as a process that ends with its standard input or is ended.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private ChildProgram(Process process) => _process = process;

    public static string Benchmarks { get; } = Metadata("Benchmarks");

    public static string TestPeer { get; } = Metadata("TestPeer");

    public static ChildProgram Start(string assembly, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);

    public async Task<(int Code, string Output, string Errors)> ToEndAsync()
    {
        var (output, errors) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        await _process.WaitForExitAsync().WaitAsync(Watchdog);
        return (_process.ExitCode, await output, await errors);
    }

    public async Task<string> ReadErrorLineAsync() =>
        await _process.StandardError.ReadLineAsync().WaitAsync(Watchdog) ?? throw new EndOfStreamException();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Metadata(string key) => typeof(ChildProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
