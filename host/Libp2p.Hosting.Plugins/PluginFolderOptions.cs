namespace Libp2p.Hosting.Plugins;

/// <summary>Where drop-in plugins are looked for.</summary>
public sealed class PluginFolderOptions
{
    /// <summary>Folders whose subfolders are plugins, in order; of two plugins of one name the first wins. A folder that does not exist is skipped.</summary>
    public IList<string> SearchPath { get; } = [];

    /// <summary>Loads plugins from folders that anyone may write to, or that lie in one. A plugin is code: default false.</summary>
    public bool AllowWritableByOthers { get; set; }

    /// <summary>The most subfolders looked at in one folder of the search path. Default 256.</summary>
    public int MaxPlugins { get; set; } = 256;

    /// <summary>
    /// The only plugins that are loaded, by the hash of their folders' content (<see cref="PluginFolderHash"/>; <c>libp2p plugins</c> shows them): 64 hex digits each.
    /// Default: none, which allows every plugin. The content is looked at right before loading; whoever may write to a folder can change it after.
    /// </summary>
    public IList<string> AllowedHashes { get; } = [];

    /// <summary>The search path of a stand-alone node: given folders, <c>LIBP2P_PLUGINS</c> (separated as <c>PATH</c> is), <c>plugins</c> beside the executable, <c>plugins</c> in the user's data folder.</summary>
    public static PluginFolderOptions Default(IEnumerable<string> given, string dataFolder)
    {
        var options = new PluginFolderOptions();
        foreach (var folder in given) options.SearchPath.Add(folder);
        var variable = Environment.GetEnvironmentVariable("LIBP2P_PLUGINS") ?? "";
        foreach (var folder in variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) options.SearchPath.Add(folder);
        options.SearchPath.Add(Path.Combine(AppContext.BaseDirectory, "plugins"));
        options.SearchPath.Add(Path.Combine(dataFolder, "plugins"));
        return options;
    }
}
