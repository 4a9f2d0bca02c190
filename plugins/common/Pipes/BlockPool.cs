namespace Libp2p.Pipes;

/// <summary>
/// Blocks of three sizes, shared by all connections of the process: small ones so that a stream with a short unread message costs little, large ones that
/// hold a full frame. Keeps at most 22 MiB, and of that what was in use lately (<see cref="Trim"/>); what exceeds it is left to the garbage collector. Thread-safe.
/// </summary>
internal sealed class BlockPool
{
    public const int Small = 2 * 1024;
    public const int Medium = 16 * 1024;
    public const int Large = 64 * 1024;

    private readonly Shelf _small = new(Small, 1024);
    private readonly Shelf _medium = new(Medium, 256);
    private readonly Shelf _large = new(Large, 256);
    private readonly Lock _trimming = new();
    private long _trimmed; // guarded by _trimming

    public static BlockPool Shared { get; } = new();

    /// <summary>Bytes of blocks that nobody uses.</summary>
    public int Kept => _small.Kept + _medium.Kept + _large.Kept;

    /// <summary>The capacity of the block that <see cref="Rent"/> returns for a wish.</summary>
    public static int SizeFor(int wish) => wish <= Small ? Small : wish <= Medium ? Medium : Large;

    /// <summary>A block of <see cref="SizeFor"/> the wish; its bytes are whatever they are.</summary>
    public Block Rent(int wish) => (wish <= Small ? _small : wish <= Medium ? _medium : _large).Rent();

    /// <summary>Takes a block back; the caller no longer touches it. Blocks of other sizes are let go.</summary>
    public void Return(Block block)
    {
        switch (block.Capacity)
        {
            case Small: _small.Return(block); break;
            case Medium: _medium.Return(block); break;
            case Large: _large.Return(block); break;
        }
    }

    /// <summary>Lets blocks go that nobody has rented since the last time, or all that are unused; does nothing before an interval has passed. Times are in ticks of whoever calls.</summary>
    public void Trim(long now, long interval, bool all)
    {
        lock (_trimming)
        {
            // A clock of its own, as a simulation has, may be behind that of the caller before.
            if (now >= _trimmed && now - _trimmed < interval)
            {
                return;
            }

            _trimmed = now;
        }

        _small.Trim(all);
        _medium.Trim(all);
        _large.Trim(all);
    }

    private sealed class Shelf(int size, int keep)
    {
        private readonly Lock _lock = new();
        private readonly Block?[] _blocks = new Block?[keep];
        private int _count;
        private int _least; // the fewest blocks there were since the last trim: nobody needed those

        public int Kept
        {
            get
            {
                lock (_lock)
                {
                    return _count * size;
                }
            }
        }

        public Block Rent()
        {
            lock (_lock)
            {
                if (_count > 0)
                {
                    var block = _blocks[--_count]!;
                    _blocks[_count] = null;
                    block.IsPooled = false;
                    _least = Math.Min(_least, _count);
                    return block;
                }
            }

            return new Block(size);
        }

        public void Trim(bool all)
        {
            lock (_lock)
            {
                for (var spare = all ? _count : _least; spare > 0; spare--)
                {
                    _blocks[--_count] = null;
                }

                _least = _count;
            }
        }

        public void Return(Block block)
        {
            lock (_lock)
            {
                if (block.IsPooled)
                {
                    throw new InvalidOperationException("A block was returned twice.");
                }

                block.Clear();
                if (_count < _blocks.Length)
                {
                    block.IsPooled = true;
                    _blocks[_count++] = block;
                }
            }
        }
    }
}
