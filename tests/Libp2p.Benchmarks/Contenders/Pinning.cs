namespace Libp2p.Benchmarks.Contenders;

/// <summary>How a process is kept on the first processor; nothing where there is no <c>taskset</c>.</summary>
internal static class Pinning
{
    public static IReadOnlyList<string> Command { get; } = ["taskset", "-c", "0"];

    public static bool Available { get; } =
        OperatingSystem.IsLinux() && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "taskset")));
}
