using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SharpFuzz.Common;

namespace Libp2p.Fuzz.Loop;

/// <summary>
/// The map into which instrumented code counts the edges that it takes (64 Ki counters, as AFL has them), and all that was ever seen in it. One per process,
/// since the instrumented code knows one; it must be there before any of that code runs.
/// </summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    private readonly byte* _counters = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] _seen = new byte[Size];

    private CoverageMap()
    {
        new Span<byte>(_counters, Size).Clear();
        Trace.SharedMem = _counters;
    }

    /// <summary>The map of this process.</summary>
    public static CoverageMap Shared { get; } = new();

    /// <summary>Edges ever taken.</summary>
    public int Edges { get; private set; }

    /// <summary>Edges and how often they were taken, in powers of two: what makes an input new.</summary>
    public int Features { get; private set; }

    /// <summary>Before a run.</summary>
    public static void Begin() => Trace.PrevLocation = 0;

    /// <summary>After a run: takes the counters in, and clears them.</summary>
    /// <returns>How many features were new.</returns>
    public int Take()
    {
        var found = 0;
        for (var at = 0; at < Size; at += Vector256<byte>.Count)
        {
            var counters = Vector256.Load(_counters + at);
            if (counters == Vector256<byte>.Zero)
            {
                continue;
            }

            for (var i = at; i < at + Vector256<byte>.Count; i++)
            {
                if (_counters[i] != 0 && (_seen[i] & Bucket(_counters[i])) == 0)
                {
                    Edges += _seen[i] == 0 ? 1 : 0;
                    _seen[i] |= Bucket(_counters[i]);
                    found++;
                }
            }

            Vector256<byte>.Zero.Store(_counters + at);
        }

        Features += found;
        return found;
    }

    /// <summary>Forgets what was seen.</summary>
    public void Forget()
    {
        _seen.AsSpan().Clear();
        (Edges, Features) = (0, 0);
    }

    // 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128-255.
    private static byte Bucket(byte count) => count switch
    {
        <= 2 => count,
        3 => 4,
        < 32 => (byte)(8 << (BitOperations.Log2(count) - 2)),
        < 128 => 64,
        _ => 128,
    };
}
