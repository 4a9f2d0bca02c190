using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>The names of a simulation: what every host resolves.</summary>
public sealed class SimulatedDns
{
    private readonly Dictionary<string, Records> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _silent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long an answer takes. Default 30 ms.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>How long somebody waits for an answer that does not come. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Says the addresses of a name; none: the name is there and has none. Its text stays.</summary>
    public void Set(string name, params IPAddress[] addresses)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Change(name, known => known with { Addresses = [.. addresses] });
    }

    /// <summary>Says the TXT records of a name; none: the name is there and has none. Its addresses stay.</summary>
    public void SetText(string name, params string[] records)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Change(name, known => known with { Text = [.. records] });
    }

    /// <summary>Takes a name away: it is not known any more.</summary>
    public void Remove(string name)
    {
        _silent.Remove(name);
        _records.Remove(name);
    }

    /// <summary>Lets nobody answer for a name.</summary>
    public void Silence(string name) => _silent.Add(name);

    internal bool IsSilent(string name) => _silent.Contains(name);

    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    internal Records Find(string name) =>
        _silent.Contains(name) ? throw new SocketException((int)SocketError.TryAgain)
        : _records.TryGetValue(name, out var known) ? known
        : throw new SocketException((int)SocketError.HostNotFound);

    private void Change(string name, Func<Records, Records> change)
    {
        _silent.Remove(name);
        _records[name] = change(_records.GetValueOrDefault(name) ?? new Records([], []));
    }

    internal sealed record Records(ImmutableArray<IPAddress> Addresses, ImmutableArray<string> Text);
}
