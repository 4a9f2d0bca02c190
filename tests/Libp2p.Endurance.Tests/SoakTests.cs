using Libp2p.Endurance.Soak;

namespace Libp2p.Endurance.Tests;

/// <summary>Few conversations; and what the verdict of many is.</summary>
public class SoakTests
{
    [Fact]
    public async Task Conversations_of_two_processes_end_as_they_should_and_leave_nothing_open()
    {
        var lines = new List<string>();
        var holds = await new SoakCampaign(seed: 1, TimeSpan.FromMilliseconds(100), lines.Add).RunAsync(TimeSpan.FromHours(1), most: 200, CancellationToken.None);
        holds.ShouldBeTrue(string.Join('\n', lines));
        lines.ShouldContain(line => line.StartsWith("conversations: "));
        foreach (var (name, _, _) in Talk.Kinds)
        {
            lines.ShouldNotContain(line => line.Contains($" 0 {name}"));
        }
    }

    [Fact]
    public void Steady_samples_hold()
    {
        var lines = Growth.Judge("it", [.. Enumerable.Range(0, 30).Select(i => Sample(heap: 20 + (i % 3)))]).ToList();
        lines.ShouldAllBe(line => line.Holds);
        lines.ShouldContain(line => line.Line.StartsWith("it heap: 21 MiB after warm-up, 21 at the end"));
    }

    /// <summary>The first fifth is warm-up.</summary>
    [Fact]
    public void Growth_at_the_beginning_is_none() =>
        Growth.Judge("it", [.. Enumerable.Range(0, 30).Select(i => Sample(heap: i < 6 ? 2 : 50))]).ShouldAllBe(line => line.Holds);

    [Theory]
    [InlineData("heap")]
    [InlineData("resident")]
    [InlineData("threads")]
    [InlineData("descriptors")]
    [InlineData("open")]
    public void What_grows_is_named(string what)
    {
        int At(string name, int index) => name == what ? 20 + (10 * index) : 20;
        var samples = Enumerable.Range(0, 30).Select(i => Sample(At("heap", i), At("resident", i), At("threads", i), At("descriptors", i), At("open", i))).ToList();
        Growth.Judge("it", samples).Where(line => !line.Holds).ShouldHaveSingleItem().Line.ShouldStartWith($"it {what}: ");
    }

    [Fact]
    public void A_process_is_idle_where_all_that_it_opened_is_closed()
    {
        Sample(open: 0).IsIdle.ShouldBeTrue();
        Sample(open: 1).IsIdle.ShouldBeFalse();
        Sample(open: 1).Describe().ShouldBe("libp2p.streams 1");
    }

    private static Sample Sample(int heap = 20, int resident = 20, int threads = 20, int descriptors = 20, int open = 20) =>
        new(0, (long)heap << 20, (long)resident << 20, threads, descriptors, new() { ["libp2p.streams"] = open }, 0);
}
