namespace Libp2p.Node.Tests;

/// <summary>A data folder that goes with its test.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("libp2p-node-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
