using System.Globalization;

namespace Libp2p.Endurance.Loads;

/// <summary>What a load came to.</summary>
/// <param name="Figures">In the order in which they were measured.</param>
/// <param name="Holds">Whether everything that was opened was given back.</param>
internal sealed record LoadReport(IReadOnlyList<LoadFigure> Figures, bool Holds);

/// <summary>One figure.</summary>
/// <param name="Group">What it belongs with.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record LoadFigure(string Group, string Name, double Value, string Unit)
{
    public string Amount => string.Create(CultureInfo.InvariantCulture, $"{(Value >= 100 ? Value.ToString("N0", CultureInfo.InvariantCulture) : Value.ToString("0.00", CultureInfo.InvariantCulture))} {Unit}");

    public override string ToString() => $"{Group,-14} {Name,-58} {Amount,16}";
}
