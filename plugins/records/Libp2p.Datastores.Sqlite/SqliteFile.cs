namespace Libp2p.Datastores.Sqlite;

/// <summary>
/// The file: locked for this process while it is open, made where there is none, and checked to be ours. The lock is a file beside it, given back by the operating system when the process ends,
/// however it ends; SQLite's own locks would let two processes take turns, and what one has in memory would be old.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int ApplicationId = 0x6c70_3270; // "lp2p"
    private const int Version = 1;
    private const int PageSize = 4096;
    private const long LongestLog = 16 << 20;

    private readonly FileStream _lock;

    private SqliteFile(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Takes the lock, and makes the file where there is none, for its owner alone.</summary>
    /// <exception cref="DatastoreException">Another has it, or it cannot be used.</exception>
    public static SqliteFile Take(string path)
    {
        try
        {
            var folder = System.IO.Path.GetDirectoryName(path)!;
            var owner = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                owner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var held = TryLock($"{path}.lock", owner) ?? throw SqliteErrors.InUse(path);
            try
            {
                // While nobody has it open: closing a file gives up all locks that its process has on it.
                if (!File.Exists(path)) new FileStream(path, owner).Dispose();
                return new SqliteFile(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.NotUsable(path, e);
        }
    }

    /// <summary>Makes a connection ready to write.</summary>
    /// <exception cref="DatastoreException">The file is damaged, of another program, or of a newer version.</exception>
    public void Prepare(SqliteSession session, SqliteOptions options)
    {
        var (application, version) = (session.Run("PRAGMA application_id"), session.Run("PRAGMA user_version"));
        var isNew = session.Run("SELECT count(*) FROM sqlite_schema") == 0;
        if (application != ApplicationId && !(isNew && application == 0)) throw SqliteErrors.Foreign(Path);
        if (version > Version) throw SqliteErrors.Newer(Path, version.Value);
        if (isNew) session.Run($"PRAGMA page_size = {PageSize}");
        session.Run("PRAGMA journal_mode = WAL");
        session.Run("PRAGMA synchronous = NORMAL");
        session.Run($"PRAGMA journal_size_limit = {LongestLog}");
        session.Run($"PRAGMA max_page_count = {(options.MaxFileLength + PageSize - 1) / PageSize}");
        if (!isNew) return;
        session.Run("BEGIN IMMEDIATE");
        session.Run("CREATE TABLE entries (key BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL, expires INTEGER) WITHOUT ROWID");
        session.Run("CREATE INDEX expiring ON entries (expires) WHERE expires IS NOT NULL");
        session.Run("CREATE TABLE syncs (count INTEGER NOT NULL)");
        session.Run("INSERT INTO syncs VALUES (0)");
        session.Run($"PRAGMA application_id = {ApplicationId}");
        session.Run($"PRAGMA user_version = {Version}");
        session.Run("COMMIT");
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path, FileStreamOptions options)
    {
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (Taken.Contains(e.HResult))
        {
            return null;
        }
    }

    // EWOULDBLOCK of Linux, that of macOS and the BSDs, ERROR_SHARING_VIOLATION.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020)];
}
