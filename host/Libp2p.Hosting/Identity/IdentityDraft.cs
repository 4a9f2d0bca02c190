using System.Diagnostics;
using System.Globalization;

namespace Libp2p.Hosting;

/// <summary>
/// A key on its way into its file: written whole under a name of its own, then moved into place, so that nobody ever reads half a key. The name tells the writing process; the draft of one that was
/// killed is removed by the next. Thread-safe.
/// </summary>
internal static class IdentityDraft
{
    // Where two processes do not see each other, as in containers that share a folder, one may remove the other's draft.
    private const int Attempts = 4;

    // One draft at a time in this process: its name is the process's.
    private static readonly Lock _gate = new();

    /// <summary>Writes a file, readable by its owner only. False: there is one already, and it is not to be overwritten.</summary>
    public static bool TryWrite(string path, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        lock (_gate)
        {
            SweepOthers(path);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return TryWriteOnce(path, bytes, overwrite);
                }
                catch (FileNotFoundException) when (attempt < Attempts)
                {
                }
            }
        }
    }

    /// <summary>Removes the drafts beside a file that processes left when they were killed: keys that nobody uses, or second names of the one in use.</summary>
    public static void Sweep(string path)
    {
        lock (_gate) SweepOthers(path);
    }

    private static bool TryWriteOnce(string path, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        var (folder, prefix) = Parts(path);
        var draft = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{prefix}{Environment.ProcessId}"));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(draft, path, overwrite);
                return true;
            }
            catch (IOException) when (!overwrite && File.Exists(path))
            {
                return false;
            }
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // Under the gate, so that one with the number of this process is not being written either: it is of an earlier one with that number.
    private static void SweepOthers(string path)
    {
        var (folder, prefix) = Parts(path);
        if (!Directory.Exists(folder)) return;
        foreach (var draft in Directory.EnumerateFiles(folder, prefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(draft.AsSpan())[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var writer)) continue;
            if (writer != Environment.ProcessId && Runs(writer)) continue;
            try
            {
                File.Delete(draft);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It takes nothing but a little room.
            }
        }
    }

    private static bool Runs(int process)
    {
        try
        {
            Process.GetProcessById(process).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static (string Folder, string Prefix) Parts(string path) => (Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.");
}
