using Microsoft.Extensions.Logging;

namespace Libp2p.Hosting.Plugins;

/// <summary>Plugins in drop-in folders.</summary>
internal sealed class FolderPluginSource(PluginFolderScan scan, ILogger<FolderPluginSource> log) : IPluginSource
{
    public IEnumerable<PluginCandidate> Discover()
    {
        foreach (var root in scan.Roots) log.Scanning(root);
        return scan.Find();
    }
}
