using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary>The program in a process of its own, with a data folder of its own.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>How long anything may take before a test fails rather than hangs.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly Task<string> _errors;

    private NodeProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _ = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line) _lines.Add(line);
            _lines.CompleteAdding();
        });
    }

    public int Pid => _process.Id;

    /// <summary>Where the program was built to.</summary>
    public static string Folder { get; } =
        typeof(NodeProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NodeFolder").Value!;

    public static NodeProcess Start(string dataFolder, params string[] arguments) => StartWith(dataFolder, [], arguments);

    public static NodeProcess StartWith(string dataFolder, Dictionary<string, string> environment, params string[] arguments)
    {
        // A shell's background jobs ignore SIGINT and hand that on to all they start; here the program is to see it, as from a terminal.
        string[] prefix = OperatingSystem.IsLinux() ? ["/usr/bin/env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(prefix[0], [.. prefix[1..], Path.Combine(Folder, "libp2p.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LIBP2P_DATA"] = dataFolder;
        start.Environment.Remove("LIBP2P_PLUGINS");
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Runs to its end.</summary>
    public static async Task<(int ExitCode, List<string> Output, string Errors)> RunAsync(string dataFolder, params string[] arguments)
    {
        await using var process = Start(dataFolder, arguments);
        return await process.EndAsync();
    }

    /// <summary>Runs to its end with that on its standard input.</summary>
    public static async Task<(int ExitCode, List<string> Output, string Errors)> RunWithInputAsync(string dataFolder, string input, params string[] arguments)
    {
        await using var process = Start(dataFolder, arguments);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>The next line that fits.</summary>
    public string Line(Predicate<string> fits)
    {
        var deadline = Stopwatch.StartNew();
        while (_lines.TryTake(out var line, Watchdog - deadline.Elapsed > TimeSpan.Zero ? Watchdog - deadline.Elapsed : TimeSpan.Zero))
        {
            if (fits(line)) return line;
        }

        throw new InvalidOperationException(_process.HasExited ? $"the process ended: {_errors.Result}" : "no such line came");
    }

    /// <summary>The next JSON line of that event.</summary>
    public JsonObject Event(string name) =>
        JsonNode.Parse(Line(line => line.StartsWith('{') && (string?)JsonNode.Parse(line)!["event"] == name))!.AsObject();

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Pid.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it as a power cut would; nothing where it has ended.</summary>
    public void Kill() => _process.Kill();

    public async Task<(int ExitCode, List<string> Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Watchdog);
        var errors = await _errors;
        return (_process.ExitCode, [.. _lines.GetConsumingEnumerable()], errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _lines.Dispose();
    }
}
