using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Cbor;

/// <summary>Writes DAG-CBOR. The caller writes keys in their order (<see cref="CborKeys"/>).</summary>
internal sealed class CborWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    public void WriteMap(int count) => WriteHead(CborMajor.Map, (ulong)count);

    public void WriteText(ReadOnlySpan<byte> utf8)
    {
        WriteHead(CborMajor.Text, (ulong)utf8.Length);
        _output.Write(utf8);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteHead(CborMajor.Bytes, (ulong)bytes.Length);
        _output.Write(bytes);
    }

    public void WriteUnsigned(ulong value) => WriteHead(CborMajor.Unsigned, value);

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    private void WriteHead(int major, ulong argument)
    {
        if (argument < 24)
        {
            _output.Write([(byte)((major << 5) | (int)argument)]);
            return;
        }

        // 1, 2, 4 or 8 bytes, as few as it takes.
        var bytes = (BitOperations.Log2(argument) / 8) + 1;
        var power = bytes switch { 1 => 0, 2 => 1, <= 4 => 2, _ => 3 };
        _output.Write([(byte)((major << 5) | (24 + power))]);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, argument);
        _output.Write(wide[^(1 << power)..]);
    }
}
