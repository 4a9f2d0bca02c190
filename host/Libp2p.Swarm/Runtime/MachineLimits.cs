using System.Runtime.InteropServices;

namespace Libp2p.Swarm.Runtime;

/// <summary>What the system lets this process have.</summary>
internal static class MachineLimits
{
    // Where nobody says how many (Windows), or says "no limit".
    private const int ManyDescriptors = 1_000_000;

    /// <summary>Bytes: of the container where it has a limit, else of the machine. Never nothing.</summary>
    public static long Memory => Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Descriptors that may be open at once.</summary>
    public static int Descriptors { get; } = ReadDescriptors();

    private static int ReadDescriptors()
    {
        if (OperatingSystem.IsWindows()) return ManyDescriptors;
        try
        {
            // RLIMIT_NOFILE; the runtime has raised the soft limit to the hard one.
            return GetLimit(OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? 7 : 8, out var limit) == 0 && limit.Soft < ManyDescriptors ? (int)Math.Max(1, limit.Soft) : ManyDescriptors;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return ManyDescriptors;
        }
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
