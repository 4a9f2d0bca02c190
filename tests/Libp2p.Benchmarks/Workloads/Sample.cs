using System.Globalization;

namespace Libp2p.Benchmarks.Workloads;

/// <summary>What one run of a workload gave: named numbers, which cross a pipe as one line of text.</summary>
internal sealed class Sample
{
    /// <summary>The one number of workloads that give no other.</summary>
    public const string Value = "value";

    public const string Median = "p50";
    public const string P99 = "p99";

    /// <summary>Bytes or operations that the costs below were for.</summary>
    public const string Amount = "amount";

    /// <summary>CPU seconds of both sides.</summary>
    public const string Cpu = "cpu";

    /// <summary>Bytes allocated by each side; only our own programs tell.</summary>
    public const string AllocatedDialer = "allocated-dialer";
    public const string AllocatedServer = "allocated-server";

    private readonly Dictionary<string, double> _numbers = [];

    public double this[string name]
    {
        init => _numbers[name] = value;
    }

    public double? Find(string name) => _numbers.TryGetValue(name, out var value) && double.IsFinite(value) ? value : null;

    public void Set(string name, double value) => _numbers[name] = value;

    /// <summary>A cost for each unit of the amount.</summary>
    public double? Each(string cost) => Find(cost) is { } total && Find(Amount) is { } amount and > 0 ? total / amount : null;

    public string ToLine() => string.Join(' ', _numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Key}={n.Value:R}")));

    /// <exception cref="FormatException">The process that was to print a sample printed something else.</exception>
    public static Sample Parse(string line)
    {
        var sample = new Sample();
        foreach (var pair in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=') is not [var name, var text] || !double.TryParse(text, CultureInfo.InvariantCulture, out var value))
            {
                throw new FormatException($"no sample: {line}");
            }

            sample._numbers[name] = value;
        }

        return sample;
    }
}
