namespace Libp2p.Generators.Wire.Model;

/// <summary>The limits of <c>Libp2p.Wire.WireLimits</c>, which hold where none is declared.</summary>
internal static class WireDefaults
{
    public const int MessageSize = 4 << 20;
    public const int Count = 16_384;
    public const int Depth = 100;
}
