using System.Diagnostics;
using System.Diagnostics.Metrics;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

public sealed class NoiseChannelTests
{
    [Theory]
    [InlineData(ConnectionRole.Dialer)]
    [InlineData(ConnectionRole.Listener)]
    public async Task Row6_A_remote_that_drips_is_given_up_at_the_deadline(ConnectionRole role)
    {
        await using var wire = BytePair.Create();
        var runtime = TestRuntime.Fake();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10), runtime.Node.Time);
        var (mine, way) = role == ConnectionRole.Dialer ? (wire.Dialer, wire.ToDialer) : (wire.Listener, wire.ToListener);
        var handshake = Channels.Create().SecureAsync(mine, role == ConnectionRole.Dialer ? Upgrading.Dialer(runtime) : Upgrading.Listener(runtime), deadline.Token).AsTask();

        // A byte a second: each looks like progress.
        way.Inject([0xFF]);
        for (var second = 0; second < 9; second++)
        {
            runtime.Clock.Advance(TimeSpan.FromSeconds(1));
            way.Inject([0xFF]);
            handshake.IsCompleted.ShouldBeFalse();
        }

        runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<OperationCanceledException>(() => handshake.Within());
    }

    [Fact]
    public async Task A_broken_wire_is_a_failure_of_the_handshake_with_its_cause()
    {
        await using var wire = BytePair.Create();
        var handshake = Channels.Create().SecureAsync(wire.Dialer, Upgrading.Dialer()).AsTask();
        wire.Listener.Abort(null);
        (await Should.ThrowAsync<SecureChannelException>(() => handshake.Within())).InnerException.ShouldBeOfType<TransportException>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    public async Task A_first_message_that_is_too_short_is_refused(int length)
    {
        await using var wire = BytePair.Create();
        wire.ToListener.Inject([0, (byte)length, .. new byte[length]]);
        await Should.ThrowAsync<SecureChannelException>(() => Channels.Create().SecureAsync(wire.Listener, Upgrading.Listener()).Within());
    }

    [Fact]
    public async Task Early_negotiation_can_be_switched_off_on_either_side()
    {
        foreach (var (dialerOff, listenerOff) in new[] { (true, false), (false, true) })
        {
            await using var wire = BytePair.Create();
            var result = await HandshakeResult.RunAsync(
                Channels.Create(new NoiseOptions { EarlyMuxerNegotiation = !dialerOff }), Channels.Create(new NoiseOptions { EarlyMuxerNegotiation = !listenerOff }), wire,
                Upgrading.Dialer(muxers: ["/yamux/1.0.0"]), Upgrading.Listener(muxers: ["/yamux/1.0.0"]), Watchdog.Patience);
            result.Dialer.ShouldNotBeNull().EarlyMuxer.ShouldBeNull();
            result.Listener.ShouldNotBeNull().EarlyMuxer.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Roles_follow_the_context_and_not_the_direction()
    {
        // A simultaneous open: both ends dialed, one plays the listener.
        await using var wire = BytePair.Create();
        var listening = Upgrading.Listener();
        var result = await HandshakeResult.RunAsync(
            Channels.Create(), Channels.Create(), wire, Upgrading.Dialer(),
            new UpgradeContext { Runtime = listening.Runtime, Identity = listening.Identity, Direction = ConnectionDirection.Outbound, Role = ConnectionRole.Listener },
            Watchdog.Patience);
        result.Dialer.ShouldNotBeNull(result.DialerError?.Message);
        result.Listener.ShouldNotBeNull(result.ListenerError?.Message);
    }

    [Fact]
    public async Task One_channel_serves_many_handshakes_at_once()
    {
        var channel = Channels.Create();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            await using var wire = BytePair.Create();
            var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(channel, channel, wire);
            var bytes = DuplexBytes.Pattern(1000, i);
            await dialer.Connection.Output.WriteAsync(bytes);
            (await Records.SecuredPair.ReadAsync(listener.Connection.Input, 1000)).ShouldBe(bytes);
        })).Within();
    }

    [Fact]
    public async Task Handshakes_are_counted_timed_and_traced_by_outcome()
    {
        var counted = new List<(string Name, string? Outcome, string? Role)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.MeterName && instrument.Name.StartsWith("libp2p.noise.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
            },
        };
        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var all = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => (string?)tag.Value);
            lock (counted) counted.Add((instrument.Name, all["outcome"], all["role"]));
        }

        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        var activities = new List<Activity>();
        using var tracer = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Telemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => { lock (activities) activities.Add(activity); },
        };
        ActivitySource.AddActivityListener(tracer);

        await using var wire = BytePair.Create();
        await HandshakeResult.RunAsync(
            Channels.Create(), Channels.Create(), wire, Upgrading.Dialer(expected: TestIdentity.Stranger.PeerId), Upgrading.Listener(), Watchdog.Patience);
        lock (counted)
        {
            // Other tests run beside this one: theirs may be among them.
            counted.ShouldContain(("libp2p.noise.handshakes", "wrong_peer", "dialer"));
            counted.ShouldContain(("libp2p.noise.handshakes", "failed", "listener"));
            counted.ShouldContain(("libp2p.noise.handshake.duration", "wrong_peer", "dialer"));
        }

        lock (activities)
        {
            activities.ShouldContain(static activity => activity.OperationName == "libp2p.noise.handshake" && activity.Status == ActivityStatusCode.Error);
        }
    }
}
