namespace Libp2p.Generators.Wire.Model;

internal static class FieldNumbers
{
    /// <summary>1 to 2^29 - 1; 19000 to 19999 belong to protobuf's implementations.</summary>
    public static bool IsValid(long number) => number is >= 1 and <= (1 << 29) - 1 and not (>= 19000 and <= 19999);
}
