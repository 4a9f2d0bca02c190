using System.Reflection;
using System.Text;

namespace Libp2p.Benchmarks.Contenders;

/// <summary>The node's program with many plugins beside it, in a folder that goes with it.</summary>
internal sealed class PluginFolders : IDisposable
{
    private const string Filler = "Filler00";

    private readonly string _program;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("libp2p-benchmark-");

    /// <param name="program">The node's program, its shipped plugins beside it.</param>
    /// <param name="count">How many the node finds: those it ships, and as many more as are missing.</param>
    public PluginFolders(string program, int count)
    {
        _program = program;
        var shipped = Directory.GetDirectories(Path.Combine(Path.GetDirectoryName(program)!, "plugins")).Length;
        for (var number = 1; number <= count - shipped; number++) CopyFiller(Filler[..^2] + number.ToString("00", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The node as it was built beside this program.</summary>
    public static string BuiltNode => Path.Combine(Metadata("NodeFolder"), "libp2p.dll");

    /// <summary>Whether that program is there, and the plugin that is copied.</summary>
    public static bool AvailableFor(string program) => File.Exists(program) && Directory.Exists(FillerFolder);

    /// <summary>Starts a node that finds them, with a key to be made.</summary>
    public IReadOnlyList<string> Command => [.. Path.GetExtension(_program) == ".dll" ? ["dotnet", _program] : (string[])[_program], "--json", "--listen", "/ip4/127.0.0.1/tcp/0", "--data", Path.Combine(_root.FullName, "data"), "--plugins", _root.FullName];

    private static string FillerFolder => Path.Combine(Metadata("FixtureRoot"), "Fixtures." + Filler);

    public void Dispose() => _root.Delete(recursive: true);

    // A number of the same length stands for the other in every name that the assembly has: in its metadata, its strings, its manifest.
    private void CopyFiller(string name)
    {
        var target = _root.CreateSubdirectory("Fixtures." + name).FullName;
        foreach (var file in Directory.GetFiles(FillerFolder))
        {
            var bytes = File.ReadAllBytes(file);
            foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
            {
                Replace(bytes, encoding.GetBytes(Filler), encoding.GetBytes(name));
                Replace(bytes, encoding.GetBytes(Filler.ToLowerInvariant()), encoding.GetBytes(name.ToLowerInvariant()));
            }

            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file).Replace(Filler, name, StringComparison.Ordinal)), bytes);
        }
    }

    private static void Replace(Span<byte> bytes, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        for (var at = bytes.IndexOf(from); at >= 0; at = bytes.IndexOf(from))
        {
            to.CopyTo(bytes[at..]);
            bytes = bytes[(at + from.Length)..];
        }
    }

    private static string Metadata(string key) =>
        typeof(PluginFolders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value ?? "";
}
