using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Libp2p.Swarm.Tests.Connections;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests;

public class TelemetryTests
{
    private static readonly AsyncLocal<string?> Local = new();

    [Fact]
    public async Task What_surrounds_start_and_dial_does_not_flow_into_what_the_remote_does()
    {
        Local.Value = "of the test";
        await using var nodes = new StackNodes();
        var arriving = new Watcher();
        var ending = new Watcher();
        var listener = await nodes.StartAsync(1);
        listener.Exports.Add<IConnectionObserver>(arriving);
        var dialer = await nodes.StartAsync(2);
        dialer.Exports.Add<IConnectionObserver>(ending);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        (await arriving.Connected.Task.Within()).ShouldBeNull();
        listener.Connections.Single().Abort(ConnectionErrorCode.None);
        (await ending.Disconnected.Task.Within()).ShouldBeNull();
        await connection.Completion.Within();
    }

    [Fact]
    public async Task Dial_upgrade_and_streams_are_traced_and_counted()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listening = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Telemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listening);
        var instruments = new ConcurrentDictionary<string, int>();
        using var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.MeterName) listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<int>((instrument, _, _, _) => instruments.AddOrUpdate(instrument.Name, 1, static (_, count) => count + 1));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => instruments.AddOrUpdate(instrument.Name, 1, static (_, count) => count + 1));
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => instruments.AddOrUpdate(instrument.Name, 1, static (_, count) => count + 1));
        meters.Start();

        await using (var nodes = new StackNodes())
        {
            // Numbers of their own: other tests run at the same time.
            var listener = await nodes.StartAsync(71);
            var dialer = await nodes.StartAsync(72);
            var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
            await ConnectionTests.EchoAsync(connection);
            await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/nope/1"]).AsTask().Within());
            var peer = listener.PeerId.ToString();
            activities.ShouldContain(activity => activity.OperationName == "libp2p.dial" && peer.Equals(activity.GetTagItem("libp2p.peer")) && "connected".Equals(activity.GetTagItem("libp2p.outcome")));
            activities.ShouldContain(activity => activity.OperationName == "libp2p.upgrade" && peer.Equals(activity.GetTagItem("libp2p.peer")));
            activities.ShouldContain(activity => activity.OperationName == "libp2p.stream.negotiate" && peer.Equals(activity.GetTagItem("libp2p.peer")) && "/echo/1.0.0".Equals(activity.GetTagItem("libp2p.protocol")));
        }

        foreach (var name in new[] { "libp2p.connections", "libp2p.streams", "libp2p.dials", "libp2p.upgrade.duration", "libp2p.negotiations.failed" })
        {
            instruments.ShouldContainKey(name);
        }
    }

    private sealed class Watcher : IConnectionObserver
    {
        public TaskCompletionSource<string?> Connected { get; } = new();

        public TaskCompletionSource<string?> Disconnected { get; } = new();

        public void OnConnected(IConnection connection) => Connected.TrySetResult(Local.Value);

        public void OnDisconnected(IConnection connection, ConnectionEnd end) => Disconnected.TrySetResult(Local.Value);
    }
}
