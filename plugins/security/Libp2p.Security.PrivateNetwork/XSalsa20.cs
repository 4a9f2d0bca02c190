using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>One way of a protected wire: XSalsa20 from its first byte on, in any pieces. One caller at a time.</summary>
internal sealed class XSalsa20
{
    public const int NonceSize = 24;

    private const int BufferSize = Salsa20.BlockSize * Salsa20.Lanes;

    private readonly uint[] _state = new uint[Salsa20.BlockSize / sizeof(uint)];
    private readonly byte[] _stream = new byte[BufferSize];
    private int _used = BufferSize;
    private ulong _block;

    /// <param name="key">32 bytes, shared by the network.</param>
    /// <param name="nonce">24 bytes, of this way of this connection alone.</param>
    public XSalsa20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        Span<byte> derived = stackalloc byte[Salsa20.KeySize];
        Salsa20.HSalsa20(key, nonce[..16], derived);
        Salsa20.Load(_state, derived, nonce[16..]);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>Encrypts or decrypts in place what comes next.</summary>
    public void Apply(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == BufferSize)
            {
                Salsa20.Blocks(_state, _block, _stream);
                _block += Salsa20.Lanes;
                _used = 0;
            }

            var count = Math.Min(bytes.Length, BufferSize - _used);
            Xor(bytes[..count], _stream.AsSpan(_used, count));
            _used += count;
            bytes = bytes[count..];
        }
    }

    private static void Xor(Span<byte> bytes, ReadOnlySpan<byte> stream)
    {
        var left = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        var right = MemoryMarshal.Cast<byte, Vector<byte>>(stream);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] ^= right[i];
        }

        for (var i = left.Length * Vector<byte>.Count; i < bytes.Length; i++)
        {
            bytes[i] ^= stream[i];
        }
    }
}
