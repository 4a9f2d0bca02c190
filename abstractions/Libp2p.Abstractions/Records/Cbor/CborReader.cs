using System.Buffers.Binary;
using System.Text.Unicode;

namespace Libp2p.Cbor;

/// <summary>
/// Steps through DAG-CBOR (ipld.io/specs/codecs/dag-cbor), strictly: shortest lengths, no indefinite ones, keys that are strings in order of length, then bytes, each once; no tag but 42, and that one
/// over a CID; floating-point numbers in 64 bits and finite. No allocation. Does not own what it reads.
/// </summary>
internal ref struct CborReader(ReadOnlySpan<byte> source)
{
    /// <summary>Most levels of lists and maps inside each other.</summary>
    public const int MaxDepth = 64;

    private const int LinkTag = 42;

    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Where the next item starts.</summary>
    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _source.Length;

    /// <summary>The kind of the next item: the upper three bits of its first byte; -1 at the end.</summary>
    public readonly int NextMajor => AtEnd ? -1 : _source[Position] >> 5;

    /// <summary>The head of a map; the number of its entries.</summary>
    public bool TryReadMap(out int count) => TryReadCount(CborMajor.Map, 2, out count);

    public bool TryReadText(out ReadOnlySpan<byte> utf8) => TryReadChunk(CborMajor.Text, out utf8) && Utf8.IsValid(utf8);

    public bool TryReadBytes(out ReadOnlySpan<byte> bytes) => TryReadChunk(CborMajor.Bytes, out bytes);

    public bool TryReadUnsigned(out ulong value)
    {
        var start = Position;
        if (TryReadHead(out var major, out value) && major == CborMajor.Unsigned) return true;
        Position = start;
        return false;
    }

    /// <summary>Passes over one item, checking it as thoroughly as one that is read.</summary>
    public bool TrySkip() => TrySkip(MaxDepth);

    private bool TrySkip(int depth)
    {
        if (depth == 0 || AtEnd) return false;
        if (NextMajor == CborMajor.Simple) return TrySkipSimple();
        if (!TryReadHead(out var major, out var argument)) return false;
        switch (major)
        {
            case CborMajor.Unsigned or CborMajor.Negative:
                return true;
            case CborMajor.Bytes or CborMajor.Text:
                return TryTake(argument, out var chunk) && (major == CborMajor.Bytes || Utf8.IsValid(chunk));
            case CborMajor.List:
                // Every item takes a byte at least, so that the count is bounded by what is there.
                if (argument > (ulong)(_source.Length - Position)) return false;
                for (; argument > 0; argument--)
                {
                    if (!TrySkip(depth - 1)) return false;
                }

                return true;
            case CborMajor.Map:
                return TrySkipEntries(argument, depth);
            default:
                return argument == LinkTag && TryReadBytes(out var link) && link is [0, ..] && Multiformats.Cid.TryDecode(link[1..], out _, out _);
        }
    }

    private bool TrySkipEntries(ulong count, int depth)
    {
        if (count > (ulong)(_source.Length - Position) / 2) return false;
        ReadOnlySpan<byte> previous = default;
        for (var entry = 0UL; entry < count; entry++)
        {
            if (!TryReadText(out var key) || (entry > 0 && CborKeys.Compare(previous, key) >= 0) || !TrySkip(depth - 1)) return false;
            previous = key;
        }

        return true;
    }

    // false, true, null, and floating-point numbers of 64 bits.
    private bool TrySkipSimple()
    {
        var head = _source[Position++];
        if (head is 0xf4 or 0xf5 or 0xf6) return true;
        return head == 0xfb && TryTake(8, out var bits) && double.IsFinite(BinaryPrimitives.ReadDoubleBigEndian(bits));
    }

    private bool TryReadChunk(int major, out ReadOnlySpan<byte> chunk)
    {
        chunk = default;
        return NextMajor == major && TryReadHead(out _, out var length) && TryTake(length, out chunk);
    }

    private bool TryReadCount(int major, int leastBytes, out int count)
    {
        count = 0;
        if (NextMajor != major || !TryReadHead(out _, out var argument) || argument > (ulong)(_source.Length - Position) / (ulong)leastBytes) return false;
        count = (int)argument;
        return true;
    }

    private bool TryReadHead(out int major, out ulong argument)
    {
        (major, argument) = (0, 0);
        if (AtEnd) return false;
        var head = _source[Position];
        major = head >> 5;
        var info = head & 0x1f;
        if (info < 24)
        {
            argument = (ulong)info;
            Position++;
            return true;
        }

        // 24 to 27: the argument is in the next 1, 2, 4 or 8 bytes, and must not fit into fewer.
        var width = 1 << (info - 24);
        if (info > 27 || _source.Length - Position - 1 < width) return false;
        foreach (var b in _source.Slice(Position + 1, width)) argument = (argument << 8) | b;
        var least = info == 24 ? 24UL : 1UL << (width * 4);
        Position += 1 + width;
        return argument >= least;
    }

    private bool TryTake(ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (ulong)(_source.Length - Position)) return false;
        taken = _source.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }
}
