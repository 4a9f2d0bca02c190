using System.Globalization;
using Libp2p.Node.Output;
using Libp2p.Swarm;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>What the system lets this process have, beside what the node's options say that it may use.</summary>
internal sealed class LimitsCheck(Machine machine, SwarmOptions options, int processors, long availableMemory) : ICheck
{
    /// <summary>Assemblies, logs, listeners, the control socket.</summary>
    private const int OwnDescriptors = 256;

    private const int FewDescriptors = 256;

    public string Section => "limits";

    public IEnumerable<Finding> Check()
    {
        if (Descriptors() is { } descriptors) yield return descriptors;
        var resources = options.Resources;
        yield return resources.EffectiveMemory <= availableMemory
            ? Finding.Ok("memory", $"{TerminalText.Bytes(availableMemory)} to use{Cgroup("memory.max", "memory/memory.limit_in_bytes", Size)}, of which connections may reserve {TerminalText.Bytes(resources.EffectiveMemory)}")
            : Finding.Problem("memory", $"connections may reserve {TerminalText.Bytes(resources.EffectiveMemory)} of {TerminalText.Bytes(availableMemory)} that there are", "Lower Libp2p:Swarm:Resources:Memory.");
        yield return Finding.Ok("processors", Invariant($"{processors} in use{Cgroup("cpu.max", "cpu/cpu.cfs_quota_us", static quota => quota)}"));
        yield return Finding.Ok("connections", Invariant($"at most {resources.EffectiveMaxConnections}, {resources.MaxConnectionsPerPeer} a peer; {resources.MaxStreams} streams, {resources.MaxStreamsPerConnection} a connection"));
    }

    private Finding? Descriptors()
    {
        var line = machine.Text("/proc/self/limits")?.Split('\n').FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        if (line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var softText, var hardText, ..]) return null;
        var soft = softText == "unlimited" ? long.MaxValue : long.Parse(softText, CultureInfo.InvariantCulture);
        var needed = options.Resources.EffectiveMaxConnections + OwnDescriptors;
        var text = $"{softText} open files and sockets (hard limit {hardText})";
        var remedy = Invariant($"Raise it (ulimit -n {needed}; LimitNOFILE={needed} in a systemd unit), or lower Libp2p:Swarm:Resources:MaxConnections.");
        return soft >= needed ? Finding.Ok("descriptors", text)
            : soft >= FewDescriptors ? Finding.Note("descriptors", $"{text}, fewer than the connections that the node admits may need", remedy)
            : Finding.Problem("descriptors", $"{text}: the node runs out of them", remedy);
    }

    /// <summary>What the control group says, in version 2 or 1; empty: nothing.</summary>
    private string Cgroup(string second, string first, Func<string, string> show)
    {
        var limit = machine.Text($"/sys/fs/cgroup/{second}") ?? machine.Text($"/sys/fs/cgroup/{first}");
        return limit is null or "-1" || limit.StartsWith("max", StringComparison.Ordinal) ? "" : $" (control group: {show(limit)})";
    }

    /// <summary>Version 1 says "no limit" by a number that no machine has.</summary>
    private static string Size(string bytes) => long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size < 1L << 50 ? TerminalText.Bytes(size) : "no limit";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
