using System.Buffers;
using System.Buffers.Binary;

namespace Libp2p.Protocols.Perf;

/// <summary>The only message of the protocol: how many bytes the listener is to send once it has received all of the dialer's; 8 bytes, big-endian.</summary>
internal static class PerfRequest
{
    public const int Size = 8;

    public static void Write(ulong download, Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, download);

    /// <summary>False where not all of it is there yet.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> bytes, out ulong download)
    {
        download = 0;
        if (bytes.Length < Size)
        {
            return false;
        }

        Span<byte> flat = stackalloc byte[Size];
        bytes.Slice(0, Size).CopyTo(flat);
        download = BinaryPrimitives.ReadUInt64BigEndian(flat);
        return true;
    }
}
