using System.Buffers.Binary;

namespace Libp2p.TestKit;

/// <summary>A random source that gives the same bytes for the same seed (splitmix64). Never for keys that matter. Thread-safe.</summary>
public sealed class SeededRandomSource : RandomSource
{
    private readonly Lock _gate = new();
    private ulong _state;

    /// <summary>The source of a seed.</summary>
    public SeededRandomSource(int seed)
        : this((ulong)(uint)seed * 0x9E3779B97F4A7C15)
    {
    }

    internal SeededRandomSource(ulong state) => _state = state;

    /// <inheritdoc/>
    public override void Fill(Span<byte> buffer)
    {
        lock (_gate)
        {
            Span<byte> word = stackalloc byte[8];
            while (!buffer.IsEmpty)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, Next64());
                var length = Math.Min(8, buffer.Length);
                word[..length].CopyTo(buffer);
                buffer = buffer[length..];
            }
        }
    }

    private ulong Next64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
