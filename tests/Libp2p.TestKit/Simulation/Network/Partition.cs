namespace Libp2p.TestKit;

/// <summary>Hosts cut off from all others, until it is disposed.</summary>
internal sealed class Partition(Fabric fabric, HashSet<SimulatedHost> inside, PartitionKind kind) : IDisposable
{
    public PartitionKind Kind => kind;

    public bool Separates(SimulatedHost one, SimulatedHost other) => inside.Contains(one) != inside.Contains(other);

    public void Dispose()
    {
        if (fabric.Loop.IsHere() && fabric.Partitions.Remove(this)) fabric.Trace.Add(new FaultEvent($"healed {this}"));
    }

    public override string ToString() => string.Join(' ', inside.Select(static host => host.Name).Order(StringComparer.Ordinal));
}

/// <summary>What those who are cut off notice.</summary>
public enum PartitionKind
{
    /// <summary>Nothing: what they send vanishes, and waits end by their own deadlines.</summary>
    Silent,

    /// <summary>New connections fail at once as unreachable; those that exist notice nothing.</summary>
    Unreachable,
}
