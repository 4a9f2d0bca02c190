using System.Diagnostics;
using Libp2p.Fuzz.Mutation;

namespace Libp2p.Fuzz.Loop;

/// <summary>
/// Fuzzing guided by coverage, in one process that is instrumented: mutates inputs, and keeps those that took an edge, or took it as often as none before. One
/// thread; a second one ends the process where an input takes too long.
/// </summary>
internal sealed class FuzzLoop(FuzzTarget target, ulong seed, CurrentInput current)
{
    /// <summary>What the process exits with where an input does not end.</summary>
    public const int HangExitCode = 70;

    // Seconds in which the process ran: one that was suspended meanwhile does not hang.
    private const int TooLong = 30;

    private readonly CoverageMap _map = CoverageMap.Shared;
    private readonly FindingStore _findings = new(target);
    private readonly List<byte[]> _queue = [];
    private readonly Stopwatch _time = new();
    private long _executions;

    /// <summary>Inputs that each took something new.</summary>
    public IReadOnlyList<byte[]> Queue => _queue;

    public LoopStatus Status => new(target.Name, _executions, _executions / Math.Max(0.001, _time.Elapsed.TotalSeconds), _map.Edges, _map.Features, _queue.Count, _findings.Count);

    /// <summary>Runs inputs until a number or a time is reached.</summary>
    /// <param name="inputs">What to start from.</param>
    /// <param name="executions">Most inputs.</param>
    /// <param name="duration">Most time.</param>
    /// <param name="report">Called about once a second.</param>
    public void Run(IEnumerable<byte[]> inputs, long executions, TimeSpan duration, Action<LoopStatus> report)
    {
        Warm();
        _time.Start();
        new Thread(Watch) { IsBackground = true }.Start();
        foreach (var input in inputs)
        {
            Try(input, keep: false);
        }

        if (_queue.Count == 0)
        {
            _queue.Add([]);
        }

        var mutator = new Mutator(target, seed);
        var random = new FuzzRandom(~seed);
        for (var next = TimeSpan.FromSeconds(1); _executions < executions && _time.Elapsed < duration;)
        {
            var input = Choose(ref random);
            for (var energy = 64; energy > 0 && _executions < executions; energy--)
            {
                energy += Try(mutator.Next(input, _queue[random.Next(_queue.Count)]), keep: true) ? 64 : 0;
            }

            if (_time.Elapsed >= next)
            {
                next = _time.Elapsed + TimeSpan.FromSeconds(1);
                report(Status);
            }
        }

        report(Status);
    }

    /// <summary>Of the inputs, short ones first, those that take an edge that none before took.</summary>
    public List<byte[]> Minimise(IEnumerable<byte[]> inputs)
    {
        Warm();
        var kept = new List<byte[]>();
        foreach (var input in inputs.OrderBy(input => input.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal))
        {
            var before = _map.Edges;
            var defect = Execute(input);
            _map.Take();
            if (defect is null && _map.Edges > before)
            {
                kept.Add(input);
            }
        }

        return kept;
    }

    // What was found last is the edge of the known; else of two the shorter: it takes less time, and a change of it is more likely to hit what matters.
    private byte[] Choose(ref FuzzRandom random)
    {
        if (random.Next(3) == 0)
        {
            return _queue[_queue.Count - 1 - random.Next(Math.Min(_queue.Count, 32))];
        }

        var (one, other) = (_queue[random.Next(_queue.Count)], _queue[random.Next(_queue.Count)]);
        return one.Length <= other.Length ? one : other;
    }

    // Static constructors and the like take edges once.
    private void Warm()
    {
        foreach (var input in target.Seeds)
        {
            Execution.Try(target, input);
            Execution.Try(target, input);
        }

        _map.Take();
        _map.Forget();
    }

    private bool Try(ReadOnlySpan<byte> input, bool keep)
    {
        current.Set(input);
        var defect = Execute(input);
        Interlocked.Increment(ref _executions);
        if (defect is not null)
        {
            _findings.Add(input, defect);
        }

        if (_map.Take() == 0)
        {
            return false;
        }

        _queue.Add(input.ToArray());
        if (keep)
        {
            FuzzFolders.Save(FuzzFolders.Queue(target.Name), input);
        }

        return true;
    }

    private Exception? Execute(ReadOnlySpan<byte> input)
    {
        CoverageMap.Begin();
        return Execution.Try(target, input);
    }

    private void Watch()
    {
        var last = -1L;
        for (var still = 0; still < TooLong; Thread.Sleep(1000))
        {
            var now = Interlocked.Read(ref _executions);
            still = now == last ? still + 1 : 0;
            last = now;
        }

        Environment.Exit(HangExitCode);
    }
}
