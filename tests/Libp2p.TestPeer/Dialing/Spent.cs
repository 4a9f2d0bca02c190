using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Libp2p.TestPeer.Dialing;

/// <summary>Wall-clock seconds, and CPU seconds of this process and of the server (<c>--server-pid</c>).</summary>
internal sealed record Spent(double Seconds, double CpuDialer, double? CpuServer)
{
    public static async Task<Spent> OfAsync(PeerOptions options, Func<Task> work)
    {
        var (dialer, server) = Cpu();
        var started = Stopwatch.GetTimestamp();
        await work().ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (dialerAfter, serverAfter) = Cpu();
        return new Spent(seconds, dialerAfter - dialer, serverAfter - server);

        (double Dialer, double? Server) Cpu() => (CpuSecondsOf(Environment.ProcessId), options.ServerPid is { } pid ? CpuSecondsOf(pid) : null);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteNumber("seconds", Seconds);
        json.WriteNumber("cpuDialer", CpuDialer);
        if (CpuServer is { } server) json.WriteNumber("cpuServer", server);
        else json.WriteNull("cpuServer");
    }

    public static long RssOf(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>User and system time of a process, from ticks of 10 ms.</summary>
    private static double CpuSecondsOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }
}
