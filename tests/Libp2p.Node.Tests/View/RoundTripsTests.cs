using Libp2p.Node.View;

namespace Libp2p.Node.Tests.View;

public sealed class RoundTripsTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly StubNode _node = new();
    private readonly CountedTime _time = new();
    private readonly CancellationTokenSource _until = new();
    private readonly RoundTrips _roundTrips;
    private Task _running = Task.CompletedTask;

    public RoundTripsTests() => _roundTrips = new RoundTrips(_node, Interval, _time);

    public async ValueTask DisposeAsync()
    {
        await _until.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromMinutes(2));
        _until.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_is_pinged_at_the_interval()
    {
        var connection = _node.Add(1);
        await StartAsync();
        _roundTrips.Of(1).ShouldBeNull();
        for (var i = 1; i <= 3; i++)
        {
            (await _node.PingedAsync()).ShouldBe(connection);
            await AnswerAsync(connection, i);
            _roundTrips.Of(1).ShouldBe(TimeSpan.FromMilliseconds(i));
            _time.Advance(Interval);
        }
    }

    [Fact]
    public async Task Only_the_oldest_that_speak_ping_and_are_not_relayed_are_pinged()
    {
        _node.Add(1, speaksPing: false);
        _node.Add(2, limits: new ConnectionLimits(TimeSpan.FromMinutes(2), 1 << 17));
        for (var id = 30; id > 2; id--) _node.Add(id);
        await StartAsync();
        var pinged = new List<long>();
        while (pinged.Count < RoundTrips.MaxConnections) pinged.Add((await _node.PingedAsync()).Id);
        pinged.ShouldBe(Enumerable.Range(3, RoundTrips.MaxConnections).Select(id => (long)id));
    }

    [Fact]
    public async Task The_place_of_a_connection_that_ended_goes_to_the_next()
    {
        for (var id = 1; id <= RoundTrips.MaxConnections + 1; id++) _node.Add(id);
        await StartAsync();
        for (var i = 0; i < RoundTrips.MaxConnections; i++) await _node.PingedAsync();
        var ended = _node.Open[2];
        await AnswerAsync(ended, 4);
        _roundTrips.Of(ended.Id).ShouldNotBeNull();
        _node.Open.Remove(ended);
        ended.End();

        // That its place is free is noticed at one of the next rounds.
        var next = await NextPingAsync();
        next.Id.ShouldBe(RoundTrips.MaxConnections + 1);
        _roundTrips.Of(ended.Id).ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_whose_ping_fails_is_left_alone_for_a_minute()
    {
        var connection = _node.Add(1);
        await StartAsync();
        await _node.PingedAsync();
        await AnswerAsync(connection, 3);
        _time.Advance(Interval);
        await _node.PingedAsync();
        connection.Answers.Writer.Complete(new ProtocolException("It did not answer."));
        await _time.NextTimerAsync();
        _roundTrips.Of(1).ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(59));
        _node.IsPinged.ShouldBeFalse();
        (await NextPingAsync()).ShouldBe(connection);
    }

    private async Task StartAsync()
    {
        _running = _roundTrips.RunAsync(_until.Token);
        await _time.NextTimerAsync();
    }

    /// <summary>Answers the ping that is under way; returns once that has been taken.</summary>
    private async Task AnswerAsync(StubConnection connection, int milliseconds)
    {
        connection.Answers.Writer.TryWrite(TimeSpan.FromMilliseconds(milliseconds));
        await _time.NextTimerAsync();
    }

    /// <summary>Lets rounds pass until there is another ping.</summary>
    private async Task<StubConnection> NextPingAsync()
    {
        var pinged = _node.PingedAsync();
        while (!pinged.IsCompleted)
        {
            _time.Advance(Interval);
            await Task.WhenAny(pinged, Task.Delay(10));
        }

        return await pinged;
    }
}
