using Microsoft.Extensions.Logging;

namespace Libp2p.Datastores.Sqlite;

internal static partial class SqliteLog
{
    [LoggerMessage(1, LogLevel.Debug, "Opened the datastore {Path}, {Pages} pages, SQLite {Version}")]
    public static partial void Opened(ILogger logger, string path, long pages, string version);

    [LoggerMessage(2, LogLevel.Debug, "Closed the datastore {Path}")]
    public static partial void Closed(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Information, "The node has no data folder, and no file is named in Libp2p:Plugins:datastore-sqlite:Path: it keeps nothing when it stops")]
    public static partial void NowhereToKeep(ILogger logger);

    [LoggerMessage(4, LogLevel.Debug, "Deleted {Count} values that had expired")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(5, LogLevel.Debug, "{Writes} writes failed: {Reason}")]
    public static partial void WritesFailed(ILogger logger, int writes, string reason);
}
