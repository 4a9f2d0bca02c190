using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>The core of Salsa20 (Bernstein, "The Salsa20 family of stream ciphers"; "Extending the Salsa20 nonce"). Pure functions.</summary>
internal static class Salsa20
{
    public const int BlockSize = 64;
    public const int KeySize = 32;

    /// <summary>How many blocks <see cref="Blocks"/> makes at a time.</summary>
    public const int Lanes = 8;

    private const int Words = BlockSize / sizeof(uint);
    private const int Rounds = 10; // of a column and a row round each

    private static readonly uint[] Sigma = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

    /// <summary>The 16 words of a key, a nonce of 8 bytes and the counter 0; or, for <see cref="HSalsa20"/>, of a key and 16 bytes.</summary>
    public static void Load(Span<uint> state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < 4; i++)
        {
            state[5 * i] = Sigma[i];
            state[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            state[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + (4 * i))..]);
            state[6 + i] = 4 * i < input.Length ? BinaryPrimitives.ReadUInt32LittleEndian(input[(4 * i)..]) : 0;
        }
    }

    /// <summary>A key of a key and the first 16 bytes of a long nonce.</summary>
    public static void HSalsa20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> derived)
    {
        Span<uint> state = stackalloc uint[Words];
        Load(state, key, nonce[..16]);
        Permute(state);
        ReadOnlySpan<byte> taken = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < taken.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(derived[(4 * i)..], state[taken[i]]);
        }
    }

    /// <summary>Writes <see cref="Lanes"/> blocks of the key stream from a block on.</summary>
    public static void Blocks(ReadOnlySpan<uint> state, ulong block, Span<byte> stream)
    {
        // Where the lower half of the counter carries, the lanes would need another upper half.
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian && (uint)block <= uint.MaxValue - Lanes)
        {
            Wide(state, block, MemoryMarshal.Cast<byte, uint>(stream));
            return;
        }

        Span<uint> words = stackalloc uint[Words];
        for (var lane = 0; lane < Lanes; lane++)
        {
            state.CopyTo(words);
            words[8] = (uint)(block + (ulong)lane);
            words[9] = (uint)((block + (ulong)lane) >> 32);
            Permute(words);
            for (var i = 0; i < Words; i++)
            {
                var initial = i == 8 ? (uint)(block + (ulong)lane) : i == 9 ? (uint)((block + (ulong)lane) >> 32) : state[i];
                BinaryPrimitives.WriteUInt32LittleEndian(stream[((BlockSize * lane) + (4 * i))..], words[i] + initial);
            }
        }
    }

    /// <summary>Eight blocks beside each other: vector i holds word i of each.</summary>
    private static void Wide(ReadOnlySpan<uint> state, ulong block, Span<uint> stream)
    {
        var counter = Vector256.Create((uint)block) + Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);
        Vector256<uint> x0 = Vector256.Create(state[0]), x1 = Vector256.Create(state[1]), x2 = Vector256.Create(state[2]), x3 = Vector256.Create(state[3]);
        Vector256<uint> x4 = Vector256.Create(state[4]), x5 = Vector256.Create(state[5]), x6 = Vector256.Create(state[6]), x7 = Vector256.Create(state[7]);
        Vector256<uint> x8 = counter, x9 = Vector256.Create((uint)(block >> 32)), x10 = Vector256.Create(state[10]), x11 = Vector256.Create(state[11]);
        Vector256<uint> x12 = Vector256.Create(state[12]), x13 = Vector256.Create(state[13]), x14 = Vector256.Create(state[14]), x15 = Vector256.Create(state[15]);
        for (var round = 0; round < Rounds; round++)
        {
            Quarter(ref x0, ref x4, ref x8, ref x12);
            Quarter(ref x5, ref x9, ref x13, ref x1);
            Quarter(ref x10, ref x14, ref x2, ref x6);
            Quarter(ref x15, ref x3, ref x7, ref x11);
            Quarter(ref x0, ref x1, ref x2, ref x3);
            Quarter(ref x5, ref x6, ref x7, ref x4);
            Quarter(ref x10, ref x11, ref x8, ref x9);
            Quarter(ref x15, ref x12, ref x13, ref x14);
        }

        Span<uint> columns = stackalloc uint[Words * Lanes];
        Store(columns, 0, x0, state[0]);
        Store(columns, 1, x1, state[1]);
        Store(columns, 2, x2, state[2]);
        Store(columns, 3, x3, state[3]);
        Store(columns, 4, x4, state[4]);
        Store(columns, 5, x5, state[5]);
        Store(columns, 6, x6, state[6]);
        Store(columns, 7, x7, state[7]);
        (x8 + counter).CopyTo(columns[(8 * Lanes)..]);
        Store(columns, 9, x9, (uint)(block >> 32));
        Store(columns, 10, x10, state[10]);
        Store(columns, 11, x11, state[11]);
        Store(columns, 12, x12, state[12]);
        Store(columns, 13, x13, state[13]);
        Store(columns, 14, x14, state[14]);
        Store(columns, 15, x15, state[15]);
        for (var lane = 0; lane < Lanes; lane++)
        {
            for (var i = 0; i < Words; i++)
            {
                stream[(Words * lane) + i] = columns[(Lanes * i) + lane];
            }
        }
    }

    private static void Store(Span<uint> columns, int word, Vector256<uint> mixed, uint initial) => (mixed + Vector256.Create(initial)).CopyTo(columns[(Lanes * word)..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        b ^= Rotate(a + d, 7);
        c ^= Rotate(b + a, 9);
        d ^= Rotate(c + b, 13);
        a ^= Rotate(d + c, 18);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, int by) => (x << by) | (x >>> (32 - by));

    private static void Permute(Span<uint> x)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= uint.RotateLeft(x[a] + x[d], 7);
        x[c] ^= uint.RotateLeft(x[b] + x[a], 9);
        x[d] ^= uint.RotateLeft(x[c] + x[b], 13);
        x[a] ^= uint.RotateLeft(x[d] + x[c], 18);
    }
}
