namespace Libp2p.Cbor;

/// <summary>The order of keys in DAG-CBOR: shorter first, then bytewise.</summary>
internal static class CborKeys
{
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
