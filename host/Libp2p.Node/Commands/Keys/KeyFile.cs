using Libp2p.Hosting;
using Libp2p.Node.Control;

namespace Libp2p.Node.Commands.Keys;

/// <summary>The file that holds the key in question.</summary>
internal sealed class KeyFile
{
    private readonly string? _dataFolder;

    /// <param name="settings">How the program was called.</param>
    /// <param name="file">What was asked for; null: the key of the node on the data folder.</param>
    public KeyFile(Settings settings, string? file)
    {
        var own = NodeComposition.IdentityFileOf(settings);
        Path = file is null ? own : System.IO.Path.GetFullPath(file);
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (Path == own) _dataFolder = settings.DataFolder;
        else if (File.Exists(System.IO.Path.Combine(folder, DataFolderLock.FileName))) _dataFolder = folder;
    }

    public string Path { get; }

    /// <summary>Reads the key; the caller disposes it.</summary>
    /// <exception cref="IdentityFileException">Not readable, not a key, or readable by others.</exception>
    /// <exception cref="CommandException">There is none.</exception>
    public PrivateKey Load() => File.Exists(Path)
        ? IdentityFile.Load(Path).Key
        : throw new CommandException($"There is no key in {Path}.", "make one with 'libp2p keys create', or name the file with --file FILE.");

    /// <summary>Writes the key, but never under a node that runs.</summary>
    /// <exception cref="IdentityFileException">It cannot be written.</exception>
    /// <exception cref="CommandException">There is a key already and it is not to be overwritten, or a node runs with it.</exception>
    public void Save(PrivateKey key, bool overwrite)
    {
        using var held = Hold();
        if (!overwrite && File.Exists(Path))
        {
            throw new CommandException(
                $"There is a key in {Path} already; it is left as it is.",
                "keep it with 'libp2p keys export --out FILE', then overwrite it with --force: an identity that is lost cannot be had back.");
        }

        IdentityFile.Save(Path, key, overwrite);
    }

    private DataFolderLock? Hold() => _dataFolder is null ? null : DataFolderLock.TryTake(_dataFolder) ?? throw new CommandException(
        $"A node runs on the data folder {_dataFolder}; its key is not changed under it.",
        "stop it with 'libp2p stop', or name another file with --file FILE.");
}
