using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Telemetry;

public class FlowTests
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

    private sealed class Watcher : IConnectionObserver
    {
        public TaskCompletionSource<string?> Connected { get; } = new();

        public TaskCompletionSource<string?> Disconnected { get; } = new();

        public void OnConnected(IConnection connection) => Connected.TrySetResult(Local.Value);

        public void OnDisconnected(IConnection connection, ConnectionEnd end) => Disconnected.TrySetResult(Local.Value);
    }
}
