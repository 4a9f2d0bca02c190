namespace Libp2p.Node.Control;

/// <summary>
/// One running node a data folder. The operating system gives the lock back when the process ends, however it ends: what a dead node left behind (its socket)
/// belongs to whoever holds the lock.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    /// <summary>The file in a data folder that a running node holds.</summary>
    public const string FileName = "node.lock";

    // EWOULDBLOCK of Linux, that of macOS and the BSDs, ERROR_SHARING_VIOLATION.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private DataFolderLock(FileStream file, string folder) => (_file, Folder) = (file, folder);

    /// <summary>The folder that is locked.</summary>
    public string Folder { get; }

    /// <summary>Locks a folder, which is made where there is none, for its owner alone.</summary>
    /// <exception cref="CommandException">Another node runs on it, or it cannot be used.</exception>
    public static DataFolderLock Take(string folder) => TryTake(folder) ?? throw new CommandException(
        $"Another node runs on the data folder {folder}.",
        "give this one a folder of its own with --data DIR; 'libp2p status' shows the one that runs, 'libp2p stop' ends it.");

    /// <summary>As <see cref="Take"/>; null: a node runs on it.</summary>
    /// <exception cref="CommandException">It cannot be used.</exception>
    public static DataFolderLock? TryTake(string folder)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new DataFolderLock(new FileStream(Path.Combine(folder, FileName), options), folder);
        }
        catch (IOException e) when (Taken.Contains(e.HResult))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The data folder {folder} cannot be used: {e.Message}", "correct its owner and permissions, or name another with --data DIR.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
