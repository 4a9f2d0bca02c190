using Microsoft.Extensions.Logging;

namespace Libp2p.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Debug, "Plugin {Name} {Version} is active.")]
    public static partial void PluginActive(this ILogger log, string name, string version);

    [LoggerMessage(2, LogLevel.Warning, "Plugin {Name} was left out: {Reason} {Remedy}")]
    public static partial void PluginLeftOut(this ILogger log, string name, string reason, string remedy);

    [LoggerMessage(3, LogLevel.Warning, "Plugin {Name} was left out: {Reason} {Remedy}")]
    public static partial void PluginFailed(this ILogger log, string name, string reason, string remedy, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "Plugin {Name} did not stop; the node stops without it.")]
    public static partial void PluginStopFailed(this ILogger log, string name, Exception error);
}
