using System.Reflection;

namespace Libp2p.Hosting.Plugins;

/// <summary>
/// Looks through drop-in folders: each subfolder <c>NAME</c> of the search path with a <c>NAME.dll</c> in it. Scanned by metadata; loaded ahead of being asked for, on a thread of its own, and run only
/// when composed. Thread-safe.
/// </summary>
internal sealed class PluginFolderScan(PluginFolderOptions options, IPluginLoader loader)
{
    private readonly Lock _gate = new();
    private readonly List<Lazy<Assembly>> _toLoad = []; // by whoever scans
    private List<PluginCandidate>? _found; // guarded by _gate

    /// <summary>The folders that there are, of those named.</summary>
    public IEnumerable<string> Roots => options.SearchPath.Select(Path.GetFullPath).Where(Directory.Exists).Distinct(StringComparer.Ordinal);

    /// <summary>Starts to look, and then to load, beside the caller. What goes wrong shows where the result is asked for.</summary>
    public void Begin() => ThreadPool.UnsafeQueueUserWorkItem(static scan => scan.LoadAhead(), this, preferLocal: false);

    /// <summary>What was found.</summary>
    public IReadOnlyList<PluginCandidate> Find()
    {
        lock (_gate) return _found ??= [.. Scan()];
    }

    private void LoadAhead()
    {
        try
        {
            Find();
            foreach (var assembly in _toLoad) _ = assembly.Value;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Who composes meets it again, and reports it.
        }
    }

    private IEnumerable<PluginCandidate> Scan()
    {
        foreach (var root in Roots)
        {
            var folders = Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).ToList();
            if (!options.AllowWritableByOthers && IsWritableByOthers(root))
            {
                // Whose its folders are cannot be told: others can put some in.
                foreach (var folder in folders) yield return Broken(folder, $"others may write to {root}, which it lies in, and a plugin is code.", $"Look whether all in it is yours, then run: chmod o-w {root}");
                continue;
            }

            foreach (var folder in folders.Take(options.MaxPlugins)) yield return Examine(folder);
            foreach (var folder in folders.Skip(options.MaxPlugins))
            {
                yield return Broken(folder, $"{root} holds more than {options.MaxPlugins} plugins.", "Remove some, or raise PluginFolderOptions.MaxPlugins.");
            }
        }
    }

    private PluginCandidate Examine(string folder)
    {
        var name = Path.GetFileName(folder);
        var assembly = Path.Combine(folder, name + ".dll");
        if (!File.Exists(assembly)) return Broken(folder, $"there is no {name}.dll in it.", "Name the folder after the plugin's assembly.");
        if (!options.AllowWritableByOthers && WritableByOthers(folder) is { } open)
        {
            return Broken(folder, $"others may write to {open}, and a plugin is code.", $"Run: chmod -R o-w {folder}");
        }

        PluginManifest? manifest;
        try
        {
            manifest = PluginManifest.Read(assembly);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return Broken(folder, $"{name}.dll cannot be read: {e.Message}", "Publish the plugin into this folder again.");
        }

        if (manifest is null) return Broken(folder, $"{name}.dll has no plugin manifest.", "Mark its entry point with [Plugin(\"name\")] and build it with the plugin SDK.");
        if (manifest.AbiVersion != PluginAbi.Version)
        {
            var (age, advice) = manifest.AbiVersion < PluginAbi.Version ? ("an older", "Update the plugin.") : ("a newer", "Update this host.");
            return Broken(folder, $"it was built against {age} version of the contracts ({manifest.AbiVersion}; this host has {PluginAbi.Version}).", advice, manifest);
        }

        if (Refused(folder) is var (reason, remedy)) return Broken(folder, reason, remedy, manifest);
        var loaded = new Lazy<Assembly>(() => loader.Load(assembly));
        _toLoad.Add(loaded);
        return new PluginCandidate
        {
            Name = manifest.Name,
            Version = manifest.AssemblyVersion,
            Folder = folder,
            Load = () => loader.Start(loaded.Value, manifest.EntryType),
        };
    }

    /// <summary>Why the list of allowed hashes keeps a folder out; null: it does not.</summary>
    private (string Reason, string Remedy)? Refused(string folder)
    {
        if (options.AllowedHashes.Count == 0) return null;
        try
        {
            var hash = PluginFolderHash.Compute(folder);
            if (options.AllowedHashes.Contains(hash, StringComparer.OrdinalIgnoreCase)) return null;
            return ("its content is not on the list of allowed plugins.", $"If you trust it, add its hash to Libp2p:AllowedPluginHashes (PluginFolderOptions.AllowedHashes): {hash}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ($"its content cannot be compared with the list of allowed plugins: {e.Message}", "Publish the plugin into this folder again.");
        }
    }

    private static PluginCandidate Broken(string folder, string reason, string remedy, PluginManifest? manifest = null) => new()
    {
        Name = manifest?.Name ?? Path.GetFileName(folder),
        Version = manifest?.AssemblyVersion,
        Folder = folder,
        Fault = (reason, remedy),
    };

    /// <summary>The first of the folder and its files that anyone may write to. The group may: in many installations it is the user's own.</summary>
    private static string? WritableByOthers(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        return Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Prepend(folder).FirstOrDefault(IsWritableByOthers);
    }

    private static bool IsWritableByOthers(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite);
}
