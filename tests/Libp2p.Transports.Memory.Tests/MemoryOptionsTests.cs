namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new MemoryOptions().Validate().ShouldBeEmpty();

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(16 * 1024 * 1024, 1024 * 1024 * 1024)]
    public void The_ends_of_the_ranges_are_valid(int capacity, int unconsumed) =>
        new MemoryOptions { Capacity = capacity, MaxUnconsumed = unconsumed }.Validate().ShouldBeEmpty();

    [Fact]
    public void Each_problem_is_named()
    {
        var problems = new MemoryOptions { Capacity = 0, MaxUnconsumed = 1023 }.Validate().ToList();
        problems.Count.ShouldBe(2);
        problems[0].ShouldContain(nameof(MemoryOptions.Capacity));
        problems[1].ShouldContain(nameof(MemoryOptions.MaxUnconsumed));
    }
}
