using System.Diagnostics;

namespace Libp2p.Templates.Tests;

/// <summary>A program that runs to its end, as an author would start it in a shell.</summary>
internal static class Command
{
    /// <summary>How long one may take before the test fails rather than hangs.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(5);

    /// <summary>What the build that runs these tests may have set, and a shell of an author has not.</summary>
    private static readonly string[] Inherited = ["MSBuild", "TESTINGPLATFORM_", "DOTNET_CLI_TEST", "LIBP2P_", "VSTEST_"];

    /// <returns>What was printed on both outputs.</returns>
    /// <exception cref="ShouldAssertException">Another exit code than asked for.</exception>
    public static async Task<string> RunAsync(string program, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments, bool succeeds = true)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => Inherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(name);
        }

        // Servers that outlive a build would hold its outputs open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Watchdog);
            var printed = await output.WaitAsync(Watchdog) + await errors.WaitAsync(Watchdog);
            (process.ExitCode == 0).ShouldBe(succeeds, $"{program} {string.Join(' ', arguments)}\n{printed}");
            return printed;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
