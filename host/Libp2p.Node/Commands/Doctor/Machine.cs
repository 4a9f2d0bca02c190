using System.Globalization;

namespace Libp2p.Node.Commands.Doctor;

/// <summary>What an operating system tells of itself in files (Linux: <c>/proc</c>, <c>/sys</c>). Elsewhere nothing is known.</summary>
/// <param name="read">The content of a file; null: there is none, or it is not to be read.</param>
internal sealed class Machine(Func<string, string?> read)
{
    public static Machine This { get; } = new(Read);

    /// <summary>The content of a file without blanks at its ends; null: not known.</summary>
    public string? Text(string path) => read(path)?.Trim();

    /// <summary>A kernel setting by its name, as <c>net.core.somaxconn</c>; null: not known.</summary>
    public string? Setting(string name) => Text("/proc/sys/" + name.Replace('.', '/'));

    /// <summary>A number of a kernel setting; null: not known.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="index">Which of its numbers; from the end where negative.</param>
    public long? Number(string name, int index = 0)
    {
        var parts = Setting(name)?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var at = index < 0 ? parts.Length + index : index;
        return at >= 0 && at < parts.Length && long.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static string? Read(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
