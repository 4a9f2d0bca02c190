using System.Reflection;

namespace Libp2p.Generators.Tests.Support;

/// <summary>
/// Compares a text with the file kept of it in <c>Snapshots/</c>. <c>LIBP2P_UPDATE_SNAPSHOTS=1</c> writes the files instead, except in CI, where a
/// missing or different file always fails.
/// </summary>
internal static class Snapshot
{
    private static readonly string Folder = typeof(Snapshot).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Snapshots").Value!;

    public static void Match(string text, string name)
    {
        var path = Path.Combine(Folder, name + ".txt");
        text = text.Replace("\r\n", "\n");
        if (Environment.GetEnvironmentVariable("LIBP2P_UPDATE_SNAPSHOTS") == "1" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            File.WriteAllText(path, text);
            return;
        }

        File.Exists(path).ShouldBeTrue($"Snapshots/{name}.txt is missing; run once with LIBP2P_UPDATE_SNAPSHOTS=1, read what was written, and commit it.");
        text.ShouldBe(File.ReadAllText(path).Replace("\r\n", "\n"));
    }
}
