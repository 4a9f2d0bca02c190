using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Racing;

/// <summary>What one contender's rounds gave for a figure. A round that failed is null, so that rounds of several contenders stay in step.</summary>
internal sealed class Series(Figure figure, IReadOnlyList<Sample?> rounds)
{
    public IReadOnlyList<double?> Values { get; } = [.. rounds.Select(r => r?.Find(figure.Number) / figure.Divisor)];

    public double? Median => Statistics.Median(Values);

    public double? Least => Values.Min();

    public double? Most => Values.Max();

    /// <summary>CPU seconds of both sides: a GiB, or a microsecond's worth an operation (see <see cref="CpuUnit"/>).</summary>
    public double? Cpu => Statistics.Median(CpuEach);

    public string CpuUnit => figure.CountsBytes ? "s/GiB" : "us";

    /// <summary>Bytes allocated by the dialer and by the server: a MiB, or an operation.</summary>
    public (double? Dialer, double? Server) Allocated =>
        (Statistics.Median(rounds.Select(r => r?.Each(Sample.AllocatedDialer))), Statistics.Median(rounds.Select(r => r?.Each(Sample.AllocatedServer))));

    /// <summary>The median of the rounds' ratios: a machine that slows down slows down both.</summary>
    public double? RatioTo(Series other) => Statistics.Median(Values.Zip(other.Values, (mine, its) => its > 0 ? mine / its : null));

    public double? CpuRatioTo(Series other) => Statistics.Median(CpuEach.Zip(other.CpuEach, (mine, its) => its > 0 ? mine / its : null));

    private IEnumerable<double?> CpuEach => rounds.Select(r => r?.Each(Sample.Cpu) * (figure.CountsBytes ? 1024 : 1e6));
}
