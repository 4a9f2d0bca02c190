namespace Libp2p.Benchmarks.Roles.Transfers;

/// <summary>The bytes that transfers send.</summary>
internal static class Payload
{
    private static readonly byte[] Bytes = Make();

    public static ReadOnlyMemory<byte> Of(int size) => Bytes.AsMemory(0, size);

    private static byte[] Make()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(1024 * 1024, pinned: true);
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
