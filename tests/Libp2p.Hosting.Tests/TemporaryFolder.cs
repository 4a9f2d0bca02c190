namespace Libp2p.Hosting.Tests;

/// <summary>A folder that goes with its test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("libp2p-hosting-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
