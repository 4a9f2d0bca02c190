using Libp2p.Hosting;
using Libp2p.Hosting.Plugins;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>Where plugins are looked for, what was found, and whether a connection can be made of it.</summary>
internal sealed class PluginsCheck(PluginFolderOptions folders, IReadOnlyCollection<PluginReport> plugins, INode node) : ICheck
{
    public string Section => "plugins";

    public IEnumerable<Finding> Check()
    {
        foreach (var folder in folders.SearchPath.Select(Path.GetFullPath).Distinct()) yield return Folder(folder);
        foreach (var plugin in plugins) yield return Plugin(plugin);
        foreach (var (layer, there) in new[]
        {
            ("transport", node.Find<ITransport>() is not null),
            ("security channel", node.Find<ISecurityChannel>() is not null),
            ("muxer", node.Find<IStreamMuxer>() is not null),
        })
        {
            if (!there) yield return Finding.Problem(layer, "none is active: no connection can be made", "Put one into a folder above, or take it out of Libp2p:DisabledPlugins.");
        }
    }

    private Finding Folder(string folder)
    {
        if (!Directory.Exists(folder)) return Finding.Ok("folder", $"{folder} is not there");
        var found = plugins.Count(plugin => plugin.Folder is { } at && Path.GetDirectoryName(at) == folder);
        var text = $"{folder}: {found} found";
        if (OperatingSystem.IsWindows() || !File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherWrite)) return Finding.Ok("folder", text);
        return Finding.Problem("folder", $"{text}; others may put plugins into it, and a plugin is code", $"chmod o-w {folder}");
    }

    private static Finding Plugin(PluginReport plugin) => plugin.State switch
    {
        PluginState.Active => Finding.Ok(plugin.Name, $"{plugin.Version}, {string.Join(", ", plugin.Roles)}"),
        PluginState.Disabled => Finding.Note(plugin.Name, $"{plugin.Version}, switched off: {plugin.Reason}"),
        _ => Finding.Problem(plugin.Name, $"left out: {plugin.Reason}", plugin.Remedy ?? "Remove it."),
    };
}
