using Libp2p.Node.View;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Node.Tests.View;

public sealed class ViewStateTests
{
    private readonly FakeTimeProvider _time = new(Samples.Start);
    private readonly ViewState _state;

    public ViewStateTests() => _state = new ViewState(Samples.Facts, _time);

    [Fact]
    public void Bytes_a_second_come_of_two_snapshots()
    {
        var first = _state.Update(Snapshot(received: 1000, sent: 50));
        first.Received.ShouldBe(new Flow(1000, 0, first.Received.History));
        first.Received.History.ShouldBeEmpty();
        first.Connections.Single().ReceivedPerSecond.ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(2));
        var second = _state.Update(Snapshot(received: 5000, sent: 50));
        second.Received.PerSecond.ShouldBe(2000);
        second.Sent.PerSecond.ShouldBe(0);
        second.Connections.Single().ReceivedPerSecond.ShouldBe(2000);
        second.Connections.Single().SentPerSecond.ShouldBe(0);
        second.Uptime.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_snapshot_that_comes_soon_shows_the_bytes_a_second_of_the_last()
    {
        _state.Update(Snapshot(0, 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        _state.Update(Snapshot(700, 0));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        var soon = _state.Update(Snapshot(900, 0));
        soon.Received.ShouldBe(new Flow(900, 700, soon.Received.History));
        soon.Connections.Single().ReceivedPerSecond.ShouldBe(700);

        _time.Advance(TimeSpan.FromMilliseconds(750));
        _state.Update(Snapshot(1000, 0)).Received.PerSecond.ShouldBe(300);
    }

    [Fact]
    public void A_connection_without_counts_has_no_bytes_a_second()
    {
        NodeSnapshot Uncounted() => new([], [Samples.Connection(1) with { Received = null, Sent = null, ReceivedPerSecond = null, SentPerSecond = null }], 0, 0);
        _state.Update(Uncounted());
        _time.Advance(TimeSpan.FromSeconds(1));
        var row = _state.Update(Uncounted()).Connections.Single();
        row.ReceivedPerSecond.ShouldBeNull();
        row.SentPerSecond.ShouldBeNull();
    }

    [Fact]
    public void The_history_is_bounded_and_ends_with_the_latest()
    {
        for (var i = 0; i <= ViewState.HistoryLength + 10; i++)
        {
            _state.Update(Snapshot(i * i, 0));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        const int Last = ViewState.HistoryLength + 11;
        var history = _state.Update(Snapshot(Last * Last, 0)).Received.History;
        history.Count.ShouldBe(ViewState.HistoryLength);
        history[^1].ShouldBe((2 * Last) - 1);
        history[0].ShouldBe((2 * (Last - ViewState.HistoryLength + 1)) - 1);
    }

    [Fact]
    public void Connections_are_shown_oldest_first() =>
        _state.Update(new NodeSnapshot([], [Samples.Connection(3), Samples.Connection(1), Samples.Connection(2)], 0, 0)).Connections.Select(row => row.Id).ShouldBe([1, 2, 3]);

    private static NodeSnapshot Snapshot(long received, long sent) =>
        new([], [Samples.Connection(1) with { Received = received, Sent = sent, ReceivedPerSecond = null, SentPerSecond = null }], received, sent);
}
