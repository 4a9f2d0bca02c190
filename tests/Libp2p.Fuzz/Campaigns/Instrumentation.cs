using System.Runtime.CompilerServices;
using SharpFuzz;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>A copy of this program in which the code under test counts the edges that it takes.</summary>
internal static class Instrumentation
{
    private static readonly string[] Assemblies =
    [
        "Libp2p.Multiformats", "Libp2p.Abstractions", "Libp2p.Swarm", "Libp2p.Crypto", "Libp2p.Security.Noise", "Libp2p.Muxers.Yamux", "Libp2p.Protocols.Identify", "libp2p",
    ];

    /// <summary>Makes the copy anew and returns the program in it.</summary>
    public static string Create()
    {
        var folder = Path.Combine(FuzzFolders.Campaigns, "instrumented");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Copy(AppContext.BaseDirectory, folder);

        // Its defaults, all of them false; the type has no public constructor.
        var options = (Options)RuntimeHelpers.GetUninitializedObject(typeof(Options));
        foreach (var assembly in Assemblies)
        {
            _ = Fuzzer.Instrument(Path.Combine(folder, assembly + ".dll"), _ => true, options).Count();
        }

        return Path.Combine(folder, OperatingSystem.IsWindows() ? "Libp2p.Fuzz.exe" : "Libp2p.Fuzz");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is "vectors" or "runtimes"))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
