using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>Bytes over one connection.</summary>
internal static class ThroughputFigures
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly (int Block, string Name, int Mebibytes)[] Blocks =
        [(128, "128 B", 32), (KiB, "1 KiB", 128), (16 * KiB, "16 KiB", 512), (64 * KiB, "64 KiB", 1024), (MiB, "1 MiB", 1024)];

    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        foreach (var down in (bool[])[false, true])
        {
            var way = down ? "down" : "up";
            foreach (var (block, name, mebibytes) in Blocks)
            {
                yield return new Figure($"{way}-{name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()}", $"{way}, 1 stream, writes of {name}", "MiB/s", true, new Workload(WorkKind.Transfer)
                {
                    Down = down,
                    Block = block,
                    Mebibytes = sizes.Of(mebibytes, 8),
                })
                {
                    Targets = block == 64 * KiB
                        ? [new(Contender.Ours, Contender.Ceiling, 0.85), new(Contender.Inline, Contender.Ceiling, 0.95), new(Contender.Ours, "go", 1.4), new(Contender.Ours, "go", 0.65) { OfCpu = true }]
                        : [],
                };
            }

            foreach (var streams in (int[])[10, 100])
            {
                yield return new Figure($"{way}-{streams}streams", $"{way}, {streams} streams", "MiB/s", true, new Workload(WorkKind.Transfer)
                {
                    Down = down,
                    Streams = streams,
                    Mebibytes = sizes.Of(1000, 100),
                })
                {
                    Targets = streams == 10 && !down ? [new(Contender.Ours, "go", 1.4)] : [],
                };
            }
        }
    }
}
