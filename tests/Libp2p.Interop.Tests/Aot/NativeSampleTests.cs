using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Libp2p.Interop.Tests.Js;

namespace Libp2p.Interop.Tests.Aot;

/// <summary>A native program that embeds a node: published here, without a trimming or AOT warning, and let loose on js-libp2p.</summary>
public sealed class NativeSampleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Publishes_without_a_warning_and_pings_js()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && OnPath("clang"), "NativeAOT needs clang and zlib1g-dev here: install them to run this test");
        var project = typeof(NativeSampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AotSample").Value!;
        var target = Directory.CreateTempSubdirectory("libp2p-aot-").FullName;
        try
        {
            var (code, log) = await RunAsync("dotnet", "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", target, "-p:DebugType=none");
            code.ShouldBe(0, log);
            log.ShouldNotContain("warning IL");
            var program = Path.Combine(target, "Libp2p.AotSample");

            await using var js = await JsPeer.StartAsync();
            (code, log) = await RunAsync(program, js.Address);
            code.ShouldBe(0, log);
            log.ShouldContain("pinged js-libp2p/");
            output.WriteLine($"{new FileInfo(program).Length / 1048576.0:0.0} MiB; {log.Trim()}");
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Watchdog);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
