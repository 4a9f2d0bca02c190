using Libp2p.Multiformats;
using Libp2p.Node.View;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Node.Tests.View;

public sealed class ViewEventsTests
{
    private readonly FakeTimeProvider _time = new(Samples.Start);
    private readonly ViewEvents _events;

    public ViewEventsTests() => _events = new ViewEvents(_time);

    [Fact]
    public void The_oldest_make_room()
    {
        for (var i = 0; i < ViewEvents.Capacity + 5; i++) _events.Add(ViewEventKind.Plain, $"event {i}");
        var kept = _events.Snapshot();
        kept.Count.ShouldBe(ViewEvents.Capacity);
        kept[0].Text.ShouldBe("event 5");
        kept[^1].Text.ShouldBe($"event {ViewEvents.Capacity + 4}");
    }

    [Fact]
    public void The_same_again_is_counted_instead()
    {
        _events.Add(ViewEventKind.Refused, "! again");
        _time.Advance(TimeSpan.FromSeconds(3));
        _events.Add(ViewEventKind.Refused, "! again");
        _events.Snapshot().ShouldBe([new ViewEvent(Samples.Start.AddSeconds(3), ViewEventKind.Refused, "! again", 2)]);
    }

    [Fact]
    public void Who_knocks_again_and_again_is_one_event_whatever_the_port()
    {
        for (var port = 1; port <= 200; port++) _events.Add(new IncomingFailed(Multiaddr.Parse($"/ip4/192.0.2.1/tcp/{port}"), new TransportException("It said nothing.")));
        _events.Snapshot().ShouldBe([new ViewEvent(Samples.Start, ViewEventKind.Refused, "! /ip4/192.0.2.1/tcp/200 It said nothing.", 200)]);
        _events.Add(new IncomingFailed(Multiaddr.Parse("/ip4/192.0.2.1/tcp/1"), new TransportException("It said too much.")));
        _events.Snapshot().Count.ShouldBe(2);
    }

    [Fact]
    public void Text_is_cleaned_and_cut()
    {
        _events.Add(ViewEventKind.Plain, "\e[2J" + new string('a', 10_000));
        var text = _events.Snapshot().Single().Text;
        text.ShouldStartWith("�[2Ja");
        text.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void Whoever_waits_is_told_of_each()
    {
        var told = new List<string>();
        _events.Added += happened => told.Add(happened.Text);
        _events.Add(ViewEventKind.Plain, "a");
        _events.Add(ViewEventKind.Plain, "b");
        told.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Logs_at_warning_and_above_become_events()
    {
        using var logs = new ViewLoggerProvider(_events);
        var log = logs.CreateLogger("Libp2p.Swarm.SwarmNode");
        log.LogInformation("not shown");
        log.LogWarning("the {Thing} is odd", "thing");
        log.LogError(new InvalidOperationException("why"), "it broke");
        _events.Snapshot().Select(e => (e.Kind, e.Text)).ShouldBe(
        [
            (ViewEventKind.Warning, "! SwarmNode: the thing is odd"),
            (ViewEventKind.Error, "! SwarmNode: it broke (InvalidOperationException: why)"),
        ]);
    }
}
