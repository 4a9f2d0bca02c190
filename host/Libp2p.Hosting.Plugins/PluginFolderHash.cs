using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Libp2p.Hosting.Plugins;

/// <summary>
/// The hash by which an allow-list knows a plugin's folder: SHA-256 over all its files, those of subfolders too, in the ordinal order of their paths. Of each file the
/// path from the folder in UTF-8, with <c>/</c> between, then a zero byte, the length of the content in 8 bytes, big-endian, and the content. Times, owners, modes and
/// empty folders do not count.
/// </summary>
public static class PluginFolderHash
{
    /// <summary>The hash in 64 lower-case hex digits.</summary>
    /// <exception cref="IOException">The folder cannot be read, or holds a link to a folder: what is behind it is not the folder's own.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public static string Compute(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = new List<(string Path, string File)>();
        Collect(folder, "", files);
        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        foreach (var (path, file) in files)
        {
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(1), content.Length);
            buffer[0] = 0;
            hash.AppendData(buffer, 0, 1 + sizeof(long));
            while (content.Read(buffer) is > 0 and var read) hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Collect(string folder, string prefix, List<(string Path, string File)> files)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is not DirectoryInfo inner) files.Add((prefix + entry.Name, entry.FullName));
            else if (inner.LinkTarget is not null) throw new IOException($"{inner.FullName} is a link to a folder.");
            else Collect(inner.FullName, $"{prefix}{entry.Name}/", files);
        }
    }
}
