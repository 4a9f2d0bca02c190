using System.Globalization;

namespace Libp2p.TestKit;

/// <summary>A fault of a <see cref="SimulationPlan"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When it begins, since the start.</param>
/// <param name="For">How long; a cut has no length.</param>
/// <param name="Host">The host, by its number.</param>
/// <param name="Other">The other one, of a cut or a bad link; -1 where there is none.</param>
public sealed record PlannedFault(PlannedFaultKind Kind, TimeSpan At, TimeSpan For, int Host, int Other = -1)
{
    /// <summary>Kind, begin and length in milliseconds, hosts: <c>Partition@3200+2000:1</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}@{At.TotalMilliseconds:0}+{For.TotalMilliseconds:0}:{Host}{(Other < 0 ? "" : $",{Other}")}");

    internal static PlannedFault Parse(string text)
    {
        var parts = text.Split('@', '+', ':', ',');
        if (parts.Length is < 4 or > 5 || !Enum.TryParse<PlannedFaultKind>(parts[0], out var kind)) throw new FormatException($"'{text}' is no planned fault.");
        return new PlannedFault(kind, Milliseconds(parts[1]), Milliseconds(parts[2]), Number(parts[3]), parts.Length == 5 ? Number(parts[4]) : -1);

        static TimeSpan Milliseconds(string digits) => TimeSpan.FromMilliseconds(Number(digits));

        static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}

/// <summary>Kinds of planned faults.</summary>
public enum PlannedFaultKind
{
    /// <summary>A host is cut off from all others; nothing says so.</summary>
    Partition,

    /// <summary>Every connection between two hosts is reset.</summary>
    Cut,

    /// <summary>The link between two hosts loses 30 % and takes 200 ms.</summary>
    BadLink,
}
