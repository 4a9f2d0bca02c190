namespace Libp2p.Hosting;

/// <summary>A private key kept in a file: the protobuf form, readable by its owner only.</summary>
public static class IdentityFile
{
    /// <summary>The longest key file read, in bytes: an RSA key of 8,192 bits fits.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Reads the key, or makes an Ed25519 one and keeps it. Safe against two processes starting at once: one key wins.</summary>
    /// <exception cref="IdentityFileException">Not readable, not a key, or readable by others.</exception>
    public static NodeIdentity LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guard(path, () =>
        {
            IdentityDraft.Sweep(path);
            if (!File.Exists(path))
            {
                using var key = PrivateKey.Generate();
                TryWrite(path, key, overwrite: false);
            }

            return Read(path);
        });
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="IdentityFileException">There is none; not readable, not a key, or readable by others.</exception>
    public static NodeIdentity Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guard(path, () => Read(path));
    }

    /// <summary>Keeps a key: the whole of it or nothing, readable by its owner only.</summary>
    /// <param name="path">Where; folders are made.</param>
    /// <param name="key">What; not disposed.</param>
    /// <param name="overwrite">Whether a file that is there is replaced. What it held is lost: an identity cannot be had back.</param>
    /// <exception cref="IdentityFileException">There is a file already, or it cannot be written.</exception>
    public static void Save(string path, PrivateKey key, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(key);
        if (!Guard(path, () => TryWrite(path, key, overwrite)))
        {
            throw new IdentityFileException($"There is a file {path} already; it is left as it is. Move it away first, or choose another path.");
        }
    }

    private static T Guard<T>(string path, Func<T> body)
    {
        try
        {
            return body();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IdentityFileException($"The identity file {path} cannot be used: {e.Message} Check the folder's owner and permissions, or choose another path.", e);
        }
    }

    private static NodeIdentity Read(string path)
    {
        if (!File.Exists(path)) throw new IdentityFileException($"There is no identity file {path}. Make one with 'libp2p keys create', or by starting a node.");
        if (!OperatingSystem.IsWindows())
        {
            var others = File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
            if (others != 0) throw new IdentityFileException($"The identity file {path} can be used by others. Run: chmod 600 {path}");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > MaxLength) throw new IdentityFileException($"The identity file {path} is no private key: it has {file.Length} bytes. Move it away to get a new identity.");
        var bytes = new byte[file.Length];
        try
        {
            file.ReadExactly(bytes);
            return new NodeIdentity(PrivateKey.FromProtobuf(bytes));
        }
        catch (KeyFormatException e)
        {
            throw new IdentityFileException($"The identity file {path} is no private key: {e.Message} Move it away to get a new identity.", e);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>False: there is a file already, and it is not to be overwritten.</summary>
    private static bool TryWrite(string path, PrivateKey key, bool overwrite)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var bytes = key.ToProtobuf();
        try
        {
            return IdentityDraft.TryWrite(path, bytes, overwrite);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }
}

/// <summary>The identity file cannot be used; the message says what to do.</summary>
public sealed class IdentityFileException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Security;
}
