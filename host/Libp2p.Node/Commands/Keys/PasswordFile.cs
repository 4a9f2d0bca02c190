using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace Libp2p.Node.Commands.Keys;

/// <summary>A password from the first line of a file: command lines are seen by others, and prompts by nobody.</summary>
internal static class PasswordFile
{
    private const int MaxLength = 1024;

    public static Option<string?> Option(string what) => new("--password-file") { Description = what, HelpName = "FILE" };

    /// <summary>The password; empty where no file is named. The caller owns, and should clear, the array.</summary>
    /// <exception cref="CommandException">The file cannot be read, or its first line is empty or too long.</exception>
    public static char[] Read(string? path)
    {
        if (path is null) return [];
        var bytes = new byte[MaxLength + 1];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var line = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            var end = line.IndexOfAny((byte)'\r', (byte)'\n');
            line = end < 0 ? line : line[..end];
            if (line.IsEmpty || line.Length > MaxLength) throw new CommandException($"The first line of {path} is no password.", $"write one of 1 to {MaxLength} bytes into it.");
            return Encoding.UTF8.GetChars(line.ToArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The password cannot be read: {e.Message}", "name a file that can be read.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
