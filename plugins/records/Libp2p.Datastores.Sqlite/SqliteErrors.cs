using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Libp2p.Datastores.Sqlite;

/// <summary>What goes wrong, and what to do about it.</summary>
internal static class SqliteErrors
{
    // Less is as good as nothing: a page of the file and its place in the log.
    private const long NoSpace = 64 << 10;

    public static DatastoreClosedException Closed(string path) => new($"The datastore {path} was closed.", "Use it as long as its node runs.");

    public static DatastoreLimitException TooLong(DatastoreKey key, int length, SqliteOptions options) =>
        new($"The value of {key} has {length} bytes; the datastore takes {options.MaxValueLength}.", $"Raise {nameof(SqliteOptions.MaxValueLength)}, or split the value.");

    public static DatastoreInUseException InUse(string path, Exception? cause = null) => new(
        $"The datastore {path} is in use by another node or program.", "Stop that one ('libp2p status' shows the node of a data folder), or give this one a file of its own.", cause);

    public static DatastoreException Foreign(string path) => new(
        $"The file {path} is a SQLite database of some other program.", "Name another file; this one is left as it is.");

    public static DatastoreException Newer(string path, long version) => new(
        $"The datastore {path} was written in form {version}, by a newer version of this software.", "Update this one, or name another file.");

    public static DatastoreException NotUsable(string path, Exception cause) => new(
        $"The datastore {path} cannot be opened: {cause.Message.TrimEnd('.')}.", "Correct the owner and the permissions of the file and its folder, or name another file.", cause);

    /// <summary>What SQLite says, as one of ours.</summary>
    /// <param name="code">Its extended result code.</param>
    /// <param name="text">Its words.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The options.</param>
    public static DatastoreException Of(int code, string text, string path, SqliteOptions options)
    {
        var cause = new SqliteException(text, code & 0xff, code);
        return (code & 0xff) switch
        {
            raw.SQLITE_FULL => Full(path, options, cause),
            raw.SQLITE_IOERR when HasNoSpace(path) => Full(path, options, cause),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new DatastoreCorruptException(
                $"The datastore {path} is damaged, or no datastore ({text}).",
                $"Stop the node and move the file away, with {path}-wal and {path}-shm where they are: it starts with an empty one. What can be saved 'sqlite3 FILE .recover' shows.", cause),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => InUse(path, cause),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => NotUsable(path, cause),
            _ => new DatastoreException($"The datastore {path} failed: {text}.", "See whether its disk is in order, and start the node again.", cause),
        };
    }

    private static DatastoreFullException Full(string path, SqliteOptions options, Exception cause) => new(
        $"There is no room left for the datastore {path}.",
        $"Free space on its disk, or raise {nameof(SqliteOptions.MaxFileLength)} ({options.MaxFileLength} bytes), whichever is reached. What is there can be read meanwhile.", cause);

    private static bool HasNoSpace(string path)
    {
        try
        {
            return new DriveInfo(System.IO.Path.GetDirectoryName(path)!).AvailableFreeSpace < NoSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
