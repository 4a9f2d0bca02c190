namespace Libp2p.Hosting;

/// <summary>The files of a keychain: <c>NAME.key</c>, for their owner alone, each written whole.</summary>
internal static class KeychainFolder
{
    private const string Extension = ".key";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<string> Names(string folder) => Guard(folder, () =>
        Directory.EnumerateFiles(folder, "*" + Extension).Select(path => Path.GetFileName(path)[..^Extension.Length])
            .Where(static name => name is { Length: > 0 and <= Keychain.MaxNameLength } && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            .Order(StringComparer.Ordinal).ToArray());

    /// <summary>The bytes of a file; null where there is none.</summary>
    public static byte[]? Read(string folder, string name) => Guard(folder, () =>
    {
        var path = PathOf(folder, name);
        if (!File.Exists(path)) return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new KeychainException($"The key file {path} can be used by others. Run: chmod 600 {path}");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > SealedKey.MaxLength) throw new KeychainException($"The key file {path} is none of a keychain's: it has {file.Length} bytes.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>False: there is a file already, and it is not to be overwritten.</summary>
    public static bool TryWrite(string folder, string name, byte[] bytes, bool overwrite) => Guard(folder, () =>
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return IdentityDraft.TryWrite(PathOf(folder, name), bytes, overwrite);
    });

    public static void Move(string folder, string name, string to) => Guard(folder, () =>
    {
        try
        {
            File.Move(PathOf(folder, name), PathOf(folder, to), overwrite: false);
            return true;
        }
        catch (IOException e) when (File.Exists(PathOf(folder, to)))
        {
            throw new KeychainException($"There is a key '{to}' in {folder} already; both are left as they are.", e);
        }
    });

    public static bool Remove(string folder, string name) => Guard(folder, () =>
    {
        if (!File.Exists(PathOf(folder, name))) return false;
        File.Delete(PathOf(folder, name));
        return true;
    });

    private static string PathOf(string folder, string name) => Path.Combine(folder, name + Extension);

    private static T Guard<T>(string folder, Func<T> body)
    {
        try
        {
            return body();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeychainException($"The keychain {folder} cannot be used: {e.Message} Check the folder's owner and permissions, or choose another.", e);
        }
    }
}
