using System.Diagnostics;
using System.Globalization;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>What the operating system tells of a process, whatever it is written in.</summary>
internal static class ProcessStatus
{
    /// <summary>User and system time; on Linux in steps of 10 ms.</summary>
    public static double CpuSeconds(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.TotalProcessorTime.TotalSeconds;
    }

    public static long Resident(int process)
    {
        var status = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status";
        if (File.Exists(status))
        {
            var line = File.ReadLines(status).First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
        }

        using var found = Process.GetProcessById(process);
        return found.WorkingSet64;
    }
}
