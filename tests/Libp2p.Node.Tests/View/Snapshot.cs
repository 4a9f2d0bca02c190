using System.Reflection;

namespace Libp2p.Node.Tests.View;

/// <summary>
/// Compares a text with the file kept of it. <c>LIBP2P_UPDATE_SNAPSHOTS=1</c> writes the files instead, except in CI, where a missing or different file always fails.
/// </summary>
internal static class Snapshot
{
    public static string Folder(string key) =>
        typeof(Snapshot).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public static void Match(string text, string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (Environment.GetEnvironmentVariable("LIBP2P_UPDATE_SNAPSHOTS") == "1" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            File.WriteAllText(path, text);
            return;
        }

        File.Exists(path).ShouldBeTrue($"{path} is missing; run once with LIBP2P_UPDATE_SNAPSHOTS=1, read what was written, and commit it.");
        text.ShouldBe(File.ReadAllText(path).Replace("\r\n", "\n"));
    }
}
