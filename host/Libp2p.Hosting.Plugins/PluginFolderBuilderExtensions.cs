using Libp2p.Hosting;
using Libp2p.Hosting.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Libp2p;

/// <summary>Adds drop-in plugins to a node.</summary>
public static class PluginFolderBuilderExtensions
{
    /// <summary>
    /// Finds plugins in folders. What is broken, incompatible or throws is reported by name and left out; the node starts. Looking for them, and loading without running anything of them,
    /// begins at once on a thread of its own, while the caller goes on to build its host.
    /// </summary>
    /// <exception cref="ArgumentException">One of <see cref="PluginFolderOptions.AllowedHashes"/> is no hash.</exception>
    public static ILibp2pBuilder AddPluginFolders(this ILibp2pBuilder builder, PluginFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var hash in options.AllowedHashes)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
            {
                throw new ArgumentException($"'{hash}' is no hash of a plugin's folder: write 64 hex digits, as 'libp2p plugins' shows them.", nameof(options));
            }
        }

        var scan = new PluginFolderScan(options, new McMasterPluginLoader());
        scan.Begin();
        return builder.AddPluginSource(services => new FolderPluginSource(scan, services.GetRequiredService<ILoggerFactory>().CreateLogger<FolderPluginSource>()));
    }
}
