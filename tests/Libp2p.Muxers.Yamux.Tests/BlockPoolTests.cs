using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Tests;

public class BlockPoolTests
{
    [Fact]
    public void Blocks_that_nobody_needed_for_an_interval_are_let_go_and_all_that_are_unused_under_pressure()
    {
        var pool = new BlockPool();
        var blocks = Enumerable.Range(0, 4).Select(_ => pool.Rent(BlockPool.Large)).ToList();
        foreach (var block in blocks) pool.Return(block);
        pool.Kept.ShouldBe(4 * BlockPool.Large);

        // One of the four is in use now and then: the first look says from when on it counts.
        pool.Trim(now: 100, interval: 30, all: false);
        pool.Return(pool.Rent(BlockPool.Large));
        pool.Trim(now: 129, interval: 30, all: true);
        pool.Kept.ShouldBe(4 * BlockPool.Large);
        pool.Trim(now: 130, interval: 30, all: false);
        pool.Kept.ShouldBe(BlockPool.Large);
        pool.Return(pool.Rent(BlockPool.Large));
        pool.Trim(now: 160, interval: 30, all: true);
        pool.Kept.ShouldBe(0);

        // Of a clock that is behind.
        pool.Return(pool.Rent(BlockPool.Small));
        pool.Trim(now: 10, interval: 30, all: true);
        pool.Kept.ShouldBe(0);
    }
}
