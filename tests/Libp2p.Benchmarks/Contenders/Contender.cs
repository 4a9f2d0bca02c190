using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Contenders;

/// <summary>Someone who takes part, under a name in the table.</summary>
internal abstract class Contender(string name)
{
    /// <summary>A node as it is by default: what every ratio is of.</summary>
    public const string Ours = Roles.Sides.Hop;

    public const string Inline = Roles.Sides.Inline;
    public const string Native = "native";
    public const string Ceiling = Roles.Sides.Ceiling;
    public const string Raw = Roles.Sides.Raw;

    public string Name { get; } = name;

    /// <summary>Whether it does such work at all.</summary>
    public abstract bool Takes(Workload work);

    /// <summary>Does it once, in processes that live for it alone.</summary>
    public abstract Task<Sample> MeasureAsync(Workload work);
}
