using Microsoft.Extensions.Logging;

namespace Libp2p.Hosting.Plugins;

internal static partial class HostingPluginsLog
{
    [LoggerMessage(1, LogLevel.Debug, "Looking for plugins in {Folder}.")]
    public static partial void Scanning(this ILogger log, string folder);
}
