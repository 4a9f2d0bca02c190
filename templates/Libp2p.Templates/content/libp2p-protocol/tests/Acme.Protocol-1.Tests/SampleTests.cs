using Libp2p;
using Libp2p.TestKit;

namespace Acme.Protocol_1.Tests;

/// <summary>Two nodes of one process, over TCP, Noise and yamux.</summary>
public sealed class SampleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_asks_and_is_answered()
    {
        await using var answering = await TestNode.StartAsync(options => options.Greeting = "good day");
        await using var asking = await TestNode.StartAsync();
        await using var client = await SampleClient.OpenAsync(await asking.ConnectAsync(answering), Cancelled);
        (await client.AskAsync("first", Cancelled).Within()).ShouldBe("good day, first");
        (await client.AskAsync("second", Cancelled).Within()).ShouldBe("good day, second");
    }

    [Fact]
    public async Task A_request_that_is_too_long_resets_the_stream()
    {
        await using var answering = await TestNode.StartAsync();
        await using var asking = await TestNode.StartAsync();
        await using var client = await SampleClient.OpenAsync(await asking.ConnectAsync(answering), Cancelled);
        await Should.ThrowAsync<StreamResetException>(() => client.AskAsync(new string('x', 5000), Cancelled).Within());
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        new SampleOptions().Validate().ShouldBeEmpty();
        new SampleOptions { Greeting = "", Timeout = TimeSpan.Zero }.Validate().Count().ShouldBe(2);
    }
}
