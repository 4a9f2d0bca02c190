using System.Globalization;

namespace Libp2p.Benchmarks.Reporting;

/// <summary>Numbers for people: three digits that count.</summary>
internal static class Numbers
{
    public static string Short(double? number) => number switch
    {
        null => "–",
        { } n when Math.Abs(n) >= 1000 => n.ToString("#,0", CultureInfo.InvariantCulture),
        { } n when Math.Abs(n) >= 100 => n.ToString("0", CultureInfo.InvariantCulture),
        { } n when Math.Abs(n) >= 10 => n.ToString("0.0", CultureInfo.InvariantCulture),
        { } n => n.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Ratio(double? ratio) => ratio is { } r ? Short(r) + "x" : "–";
}
