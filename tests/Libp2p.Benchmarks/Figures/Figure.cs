using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>One line of the table: a number that a workload gives.</summary>
/// <param name="Key">What <c>--figures</c> takes; its first word is the group.</param>
/// <param name="Title">What it is.</param>
/// <param name="Unit">Of the number, after scaling.</param>
/// <param name="MoreIsBetter">Else less is.</param>
/// <param name="Work">What gives it.</param>
/// <param name="Number">Which of the sample's numbers.</param>
internal sealed record Figure(string Key, string Title, string Unit, bool MoreIsBetter, Workload Work, string Number = Sample.Value)
{
    /// <summary>What the sample's number is divided by.</summary>
    public double Divisor { get; init; } = 1;

    /// <summary>What ours must be.</summary>
    public IReadOnlyList<Target> Targets { get; init; } = [];

    /// <summary>Its place in a series that must not grow faster than what it is over.</summary>
    public GrowthPoint? Growth { get; init; }

    public string Group => Key.Split('-')[0];

    /// <summary>Whether its costs are those of bytes; else of operations.</summary>
    public bool CountsBytes => Work.Kind == WorkKind.Transfer;
}

/// <summary>What ours must be, as a ratio to another, or absolutely.</summary>
/// <param name="Who">The contender that must.</param>
/// <param name="Against">The other; null: the number itself.</param>
/// <param name="Limit">At least, where more is better; else at most.</param>
internal sealed record Target(string Who, string? Against, double Limit)
{
    /// <summary>It is about the CPU time of both sides, of which less is better.</summary>
    public bool OfCpu { get; init; }
}

/// <summary>A point of a series: how many of something there were.</summary>
internal sealed record GrowthPoint(string Series, int Size);
