using Libp2p.Hosting;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>The data folder, the key, and the node that runs on them. Makes none of them.</summary>
internal sealed class DataFolderCheck(Settings settings, string identityFile, ControlProbe control) : ICheck
{
    private const long LittleSpace = 64 << 20;

    public string Section => "data folder";

    public IEnumerable<Finding> Check()
    {
        var folder = settings.DataFolder;
        if (!Directory.Exists(folder))
        {
            yield return Finding.Ok("folder", $"{folder} is not there yet: the first start makes it");
        }
        else
        {
            yield return Folder(folder);
            if (Space(folder) is { } space) yield return space;
        }

        yield return Key();
        yield return control.Finding;
    }

    private static Finding Folder(string folder)
    {
        if (OperatingSystem.IsWindows()) return Finding.Ok("folder", folder);
        var mode = File.GetUnixFileMode(folder);
        var text = $"{folder}, mode {Convert.ToString((int)mode, 8)}";
        return mode.HasFlag(UnixFileMode.OtherWrite) || mode.HasFlag(UnixFileMode.GroupWrite)
            ? Finding.Problem("folder", $"{text}: others may put files into it", $"chmod 700 {folder}")
            : Finding.Ok("folder", text);
    }

    private static Finding? Space(string folder)
    {
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return free < LittleSpace
                ? Finding.Note("space", $"{TerminalText.Bytes(free)} free", "Free some, or move the folder with --data DIR.")
                : Finding.Ok("space", $"{TerminalText.Bytes(free)} free");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private Finding Key()
    {
        if (!File.Exists(identityFile)) return Finding.Ok("key", $"{identityFile} is not there yet: the first start makes it");
        try
        {
            using var key = IdentityFile.Load(identityFile).Key;
            var mode = OperatingSystem.IsWindows() ? "" : $", mode {Convert.ToString((int)File.GetUnixFileMode(identityFile), 8)}";
            return Finding.Ok("key", $"{key.PublicKey.PeerId}, {key.PublicKey.Type}, in {identityFile}{mode}");
        }
        catch (IdentityFileException e)
        {
            return Finding.Problem("key", e.Message, "Do what is said there; a key that others could read is known to them: make a new one with 'libp2p keys create'.");
        }
    }
}
