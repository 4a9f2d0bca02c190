using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Libp2p.Multiformats;

/// <summary>
/// The bytes of an immutable value, a field of its object: few lie in the object itself, so that the value is one allocation; many, and those that somebody asked for as memory, in an array. Not to be
/// copied out of its object. Thread-safe.
/// </summary>
internal struct SmallBytes
{
    /// <summary>Most bytes without an array: an IPv4 address with port and peer id, an IPv6 address with port and QUIC, a CID with a hash of 32 bytes.</summary>
    public const int Capacity = 52;

    private readonly Inline _inline;
    private readonly int _length;
    private byte[]? _array; // written once, or twice with the same content

    public SmallBytes(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        if (_length <= Capacity)
        {
            bytes.CopyTo(_inline);
        }
        else
        {
            _array = bytes.ToArray();
        }
    }

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => _array is { } array ? array : ((ReadOnlySpan<byte>)_inline)[.._length];

    public ReadOnlyMemory<byte> Memory => _array ??= Span.ToArray();

    [InlineArray(Capacity)]
    private struct Inline
    {
        private byte _first;
    }
}
