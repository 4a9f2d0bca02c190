using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>Checklist of the dialer: a peer that does not say what it is holds up nothing, and not for long.</summary>
public class IdentifyHangTests
{
    [Fact]
    public Task A_peer_that_never_answers_identify_is_connected_all_the_same_and_given_up_in_time() => Simulation.RunSeedsAsync(3, async simulation =>
    {
        var silent = await simulation.AddHost("silent").StartNodeAsync(static node => node.AddTcp().AddNoise().AddYamux().AddPing());
        silent.Node.Handle("/ipfs/id/1.0.0", async (_, token) => await silent.Host.Runtime.DelayAsync(Timeout.InfiniteTimeSpan, token));
        var dialer = await simulation.AddHost("dialer").StartAsync();
        var connection = await dialer.Node.ConnectAsync(silent.Address);
        var connected = simulation.Now;
        connected.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        await dialer.Get<IPingService>().PingAsync(connection).GetAsyncEnumerator().MoveNextAsync();
        (simulation.Now - connected).ShouldBeLessThan(TimeSpan.FromSeconds(1));

        // Row 40: 5 s.
        await Assert.ThrowsAnyAsync<Libp2pException>(() => dialer.Get<IIdentifyService>().IdentifyAsync(connection).AsTask());
        (simulation.Now - connected).ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(11));
        await simulation.Delay(TimeSpan.FromSeconds(10));
        connection.Completion.IsCompleted.ShouldBeFalse();
        connection.Streams.ShouldNotContain(static stream => stream.Protocol.Value == "/ipfs/id/1.0.0");
    });
}
