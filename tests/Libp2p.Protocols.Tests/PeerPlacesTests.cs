extern alias ping; // source that several plugins compile in: this is the one in ping

using Libp2p.TestKit;
using PeerPlaces = ping::Libp2p.Peers.PeerPlaces;

namespace Libp2p.Protocols.Tests;

public sealed class PeerPlacesTests
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);
    private static readonly PeerId _peer = TestIdentity.Get(1).PeerId;
    private static readonly PeerId _other = TestIdentity.Get(2).PeerId;
    private readonly TestRuntime _runtime = TestRuntime.Fake();

    [Fact]
    public async Task Places_are_each_peers_own()
    {
        var places = Places();
        (await places.EnterAsync(_peer, default)).ShouldBeTrue();
        (await places.EnterAsync(_peer, default)).ShouldBeTrue();
        (await places.EnterAsync(_other, default)).ShouldBeTrue();
        Waits(places).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waits_longest_gets_the_place_that_is_given_back()
    {
        var places = await FullAsync();
        var first = Waits(places);
        var second = Waits(places);
        places.Leave(_peer);
        (await first.Within()).ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();
        places.Leave(_peer);
        (await second.Within()).ShouldBeTrue();
    }

    [Fact]
    public async Task No_more_wait_than_there_are_places()
    {
        var places = await FullAsync();
        _ = Waits(places);
        _ = Waits(places);
        (await Waits(places).Within()).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waited_for_the_grace_or_was_abandoned_takes_no_place()
    {
        var places = await FullAsync();
        using var abandon = new CancellationTokenSource();
        var patient = Waits(places);
        var abandoned = places.EnterAsync(_peer, abandon.Token).AsTask();
        await abandon.CancelAsync();
        (await abandoned.Within()).ShouldBeFalse();
        _runtime.Clock.Advance(_grace);
        (await patient.Within()).ShouldBeFalse();

        // Both places are there for others again, and not one more.
        places.Leave(_peer);
        places.Leave(_peer);
        await FillAsync(places);
        Waits(places).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_grace_nobody_waits()
    {
        var places = new PeerPlaces(_runtime.Node, 1, TimeSpan.Zero);
        (await places.EnterAsync(_peer, default)).ShouldBeTrue();
        (await places.EnterAsync(_peer, default)).ShouldBeFalse();
    }

    private static async Task FillAsync(PeerPlaces places)
    {
        (await places.EnterAsync(_peer, default)).ShouldBeTrue();
        (await places.EnterAsync(_peer, default)).ShouldBeTrue();
    }

    private static Task<bool> Waits(PeerPlaces places) => places.EnterAsync(_peer, default).AsTask();

    private PeerPlaces Places() => new(_runtime.Node, 2, _grace);

    private async Task<PeerPlaces> FullAsync()
    {
        var places = Places();
        await FillAsync(places);
        return places;
    }
}
