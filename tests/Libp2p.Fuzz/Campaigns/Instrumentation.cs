using System.Runtime.CompilerServices;
using SharpFuzz;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>A copy of this program in which the code under test counts the edges that it takes; gone when disposed.</summary>
internal sealed class Instrumentation : IDisposable
{
    private static readonly string[] Assemblies =
    [
        "Libp2p.Multiformats", "Libp2p.Abstractions", "Libp2p.Swarm", "Libp2p.Crypto", "Libp2p.Security.Noise", "Libp2p.Certificates", "Libp2p.Security.Tls", "Libp2p.Muxers.Yamux", "Libp2p.Protocols.Identify", "libp2p",
    ];

    private readonly string _folder = Path.Combine(FuzzFolders.Campaigns, $"instrumented-{Environment.ProcessId}");

    public Instrumentation()
    {
        Copy(AppContext.BaseDirectory, _folder, inner => inner is "vectors" or "runtimes");

        // Its defaults, all of them false; the type has no public constructor.
        var options = (Options)RuntimeHelpers.GetUninitializedObject(typeof(Options));
        foreach (var assembly in Assemblies)
        {
            _ = Fuzzer.Instrument(Path.Combine(_folder, assembly + ".dll"), _ => true, options).Count();
        }
    }

    /// <summary>The program to start.</summary>
    public string Program => Path.Combine(_folder, OperatingSystem.IsWindows() ? "Libp2p.Fuzz.exe" : "Libp2p.Fuzz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Copy(string from, string to, Func<string, bool> takes)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var inner in Directory.EnumerateDirectories(from).Select(path => Path.GetFileName(path)!).Where(takes))
        {
            Copy(Path.Combine(from, inner), Path.Combine(to, inner), _ => true);
        }
    }
}
