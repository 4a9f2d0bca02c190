namespace Libp2p.Pipes;

/// <summary>
/// Blocks of three sizes, shared by all connections of the process: small ones so that a stream with a short unread message costs little, large ones that
/// hold a full frame. Keeps at most 22 MiB; what exceeds it is left to the garbage collector. Thread-safe.
/// </summary>
internal sealed class BlockPool
{
    public const int Small = 2 * 1024;
    public const int Medium = 16 * 1024;
    public const int Large = 64 * 1024;

    private readonly Shelf _small = new(Small, 1024);
    private readonly Shelf _medium = new(Medium, 256);
    private readonly Shelf _large = new(Large, 256);

    public static BlockPool Shared { get; } = new();

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

    private sealed class Shelf(int size, int keep)
    {
        private readonly Lock _lock = new();
        private readonly Block?[] _blocks = new Block?[keep];
        private int _count;

        public Block Rent()
        {
            lock (_lock)
            {
                if (_count > 0)
                {
                    var block = _blocks[--_count]!;
                    _blocks[_count] = null;
                    block.IsPooled = false;
                    return block;
                }
            }

            return new Block(size);
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
