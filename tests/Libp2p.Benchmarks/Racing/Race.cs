using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Racing;

/// <summary>Runs every workload that the figures want, contenders in turns, forth and back: A B, B A, A B.</summary>
internal sealed class Race(IReadOnlyList<Contender> contenders, IReadOnlyList<Figure> figures, int rounds, IProgressView view)
{
    /// <summary>What was measured until it was over, or given up.</summary>
    public async Task<IReadOnlyList<Outcome>> RunAsync(CancellationToken cancellationToken)
    {
        var outcomes = new List<Outcome>();
        foreach (var group in figures.GroupBy(figure => figure.Work))
        {
            var taking = contenders.Where(c => c.Takes(group.Key)).ToList();
            var samples = taking.ToDictionary(c => c, _ => new List<Sample?>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in round % 2 == 0 ? taking : taking.AsEnumerable().Reverse())
                {
                    if (cancellationToken.IsCancellationRequested) return outcomes;
                    view.Running(group.First(), contender, round + 1, rounds);
                    samples[contender].Add(await OnceAsync(contender, group.Key).ConfigureAwait(false));
                }
            }

            foreach (var figure in group)
            {
                var outcome = new Outcome(figure, [.. samples.Select(s => (s.Key.Name, new Series(figure, s.Value)))]);
                outcomes.Add(outcome);
                view.Done(outcome);
            }
        }

        return outcomes;
    }

    private async Task<Sample?> OnceAsync(Contender contender, Workload work)
    {
        try
        {
            return await contender.MeasureAsync(work).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or IOException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            view.Failed(contender, work, e.Message);
            return null;
        }
    }
}

/// <summary>A figure, and what each contender that takes part in it came to.</summary>
internal sealed record Outcome(Figure Figure, IReadOnlyList<(string Name, Series Series)> Contenders)
{
    public Series? Of(string name) => Contenders.FirstOrDefault(c => c.Name == name).Series;
}

/// <summary>Told while it runs.</summary>
internal interface IProgressView
{
    void Running(Figure figure, Contender contender, int round, int rounds);

    void Done(Outcome outcome);

    void Failed(Contender contender, Workload work, string why);
}
