using System.Collections.Immutable;
using System.Globalization;

namespace Libp2p.TestKit;

/// <summary>Within what bounds plans are drawn. Counts are inclusive.</summary>
public sealed record SimulationPlanOptions
{
    /// <summary>The fewest hosts; at least 2. Default 2. A plan is not made smaller than that.</summary>
    public int MinHosts { get; init; } = 2;

    /// <summary>The most hosts. Default 6.</summary>
    public int MaxHosts { get; init; } = 6;

    /// <summary>The most faults; 0: none. Default 6.</summary>
    public int MaxFaults { get; init; } = 6;

    /// <summary>How long the test has work for, and when faults begin at the latest; at least 1 s. Default 20 s.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a failing plan is run smaller, at most. Default 200.</summary>
    public int MaxShrinkRuns { get; init; } = 200;
}

/// <summary>How many hosts, for how long, and what goes wrong when: a scenario as data, so that one that fails can be made smaller.</summary>
public sealed record SimulationPlan
{
    /// <summary>The environment variable with the one plan that <see cref="Simulation.RunPlansAsync"/> runs.</summary>
    public const string Variable = "LIBP2P_SIMULATION_PLAN";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>How many hosts, at least 1.</summary>
    public required int Hosts { get; init; }

    /// <summary>How long the test has work for.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>What goes wrong.</summary>
    public ImmutableArray<PlannedFault> Faults { get; init; } = [];

    /// <summary>Draws a plan: the same for a seed.</summary>
    public static SimulationPlan Draw(int seed, SimulationPlanOptions? options = null)
    {
        options ??= new SimulationPlanOptions();
        if (options.MinHosts < 2 || options.MaxHosts < options.MinHosts || options.MaxFaults < 0 || options.Length < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException("At least 2 hosts and 1 s, no fewer at most than at least.", nameof(options));
        }

        var random = new HostRandom(null, seed, "plan");
        var hosts = options.MinHosts + random.Next(options.MaxHosts - options.MinHosts + 1);
        var faults = ImmutableArray.CreateBuilder<PlannedFault>();
        for (var left = random.Next(options.MaxFaults + 1); left > 0; left--)
        {
            var kind = (PlannedFaultKind)random.Next(3);
            var host = random.Next(hosts);
            var other = kind == PlannedFaultKind.Partition ? -1 : (host + 1 + random.Next(hosts - 1)) % hosts;
            var length = kind == PlannedFaultKind.Cut ? 0 : 100 + random.Next(5000);
            faults.Add(new PlannedFault(kind, TimeSpan.FromMilliseconds(random.Next((int)options.Length.TotalMilliseconds)), TimeSpan.FromMilliseconds(length), host, other));
        }

        return new SimulationPlan { Hosts = hosts, Length = options.Length, Faults = [.. faults.OrderBy(static fault => fault.At)] };
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is not that.</exception>
    public static SimulationPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !parts[0].StartsWith("hosts=", StringComparison.Ordinal) || !parts[1].StartsWith("ms=", StringComparison.Ordinal)) throw new FormatException($"'{text}' is no plan.");
        return new SimulationPlan
        {
            Hosts = int.Parse(parts[0].AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture),
            Length = TimeSpan.FromMilliseconds(int.Parse(parts[1].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture)),
            Faults = [.. parts.Skip(2).Select(PlannedFault.Parse)],
        };
    }

    /// <summary>One line: hosts, milliseconds, faults.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"hosts={Hosts} ms={Length.TotalMilliseconds:0}{string.Concat(Faults.Select(static fault => $" {fault}"))}");

    /// <summary>Plans that are smaller in one way, the boldest first: fewer hosts, fewer faults, shorter.</summary>
    internal IEnumerable<SimulationPlan> Smaller(int minHosts)
    {
        foreach (var hosts in new[] { minHosts, (Hosts + minHosts) / 2, Hosts - 1 }.Where(hosts => hosts >= minHosts && hosts < Hosts).Distinct())
        {
            yield return this with { Hosts = hosts, Faults = [.. Faults.Where(fault => fault.Host < hosts && fault.Other < hosts)] };
        }

        for (var take = Faults.Length; take > 0; take /= 2)
        {
            for (var from = 0; from + take <= Faults.Length; from += take) yield return this with { Faults = Faults.RemoveRange(from, take) };
        }

        if (Length > Shortest)
        {
            var half = TimeSpan.FromMilliseconds(Math.Floor(Length.TotalMilliseconds / 2));
            yield return this with { Length = half, Faults = [.. Faults.Where(fault => fault.At < half)] };
        }

        for (var i = 0; i < Faults.Length; i++)
        {
            if (Faults[i].For > Shortest) yield return this with { Faults = Faults.SetItem(i, Faults[i] with { For = TimeSpan.FromMilliseconds(Math.Floor(Faults[i].For.TotalMilliseconds / 2)) }) };
        }
    }
}
