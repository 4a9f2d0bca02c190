using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Probes;

/// <summary>A byte transport over a stream of another connection, in the real swarm: what a relay will need of the contracts is there.</summary>
public class StreamTransportTests
{
    [Fact]
    public async Task Two_nodes_connect_over_a_stream_and_echo_through_noise_and_yamux()
    {
        await using var nodes = await StreamNodes.StartAsync();
        var connection = await nodes.ConnectOverStreamAsync().Within();
        connection.RemotePeer.ShouldBe(nodes.Listener.PeerId);
        connection.Security.ShouldBe((ProtocolId)"/noise");
        connection.Muxer.ShouldBe((ProtocolId)"/yamux/1.0.0");
        connection.Limits.ShouldBeNull();
        nodes.Dialer.Connections.Count.ShouldBe(2);
        await EchoAsync(await connection.OpenStreamAsync([StreamNodes.Echo]).Within(), 300_000);
    }

    [Fact]
    public async Task A_limited_connection_says_so_and_needs_consent()
    {
        await using var nodes = await StreamNodes.StartAsync(new ConnectionLimits(TimeSpan.FromMinutes(2), 128 * 1024));
        var connection = await nodes.ConnectOverStreamAsync().Within();
        connection.Limits.ShouldBe(new ConnectionLimits(TimeSpan.FromMinutes(2), 128 * 1024));
        await Should.ThrowAsync<Libp2pException>(() => connection.OpenStreamAsync([StreamNodes.Echo]).Within());
        await EchoAsync(await connection.OpenStreamAsync([StreamNodes.Echo], new OpenStreamOptions { AllowLimited = true }).Within(), 10_000);
    }

    [Fact]
    public async Task Row62_Bytes_over_the_limit_end_the_connection_and_spare_the_one_below()
    {
        await using var nodes = await StreamNodes.StartAsync(new ConnectionLimits(null, 64 * 1024));
        var connection = await nodes.ConnectOverStreamAsync().Within();
        var stream = await connection.OpenStreamAsync([StreamNodes.Echo], new OpenStreamOptions { AllowLimited = true }).Within();
        await Should.ThrowAsync<StreamResetException>(() => EchoAsync(stream, 1024 * 1024));
        await connection.Completion.Within();
        var direct = nodes.Dialer.Connections.ShouldHaveSingleItem();
        direct.Limits.ShouldBeNull();
        await EchoAsync(await direct.OpenStreamAsync([StreamNodes.Echo]).Within(), 100_000);
    }

    [Fact]
    public async Task Row62_A_connection_over_its_duration_ends()
    {
        await using var nodes = await StreamNodes.StartAsync(new ConnectionLimits(TimeSpan.FromSeconds(20), null), TestRuntime.Fake());
        var connection = await nodes.ConnectOverStreamAsync().Within();
        var lasted = await nodes.Runtime.DriveAsync(connection.Completion, TimeSpan.FromSeconds(21));
        lasted.ShouldBeGreaterThan(TimeSpan.FromSeconds(19));
        nodes.Dialer.Connections.ShouldHaveSingleItem().Limits.ShouldBeNull();
    }

    [Fact]
    public async Task A_peer_that_is_not_connected_refuses_and_the_report_says_at_which_layer()
    {
        await using var nodes = await StreamNodes.StartAsync();
        nodes.Dialer.Connections.Single().Abort(ConnectionErrorCode.None);
        await Watchdog.Eventually(() => nodes.Dialer.Connections.Count == 0);
        var error = await Should.ThrowAsync<DialException>(() => nodes.ConnectOverStreamAsync().Within());
        error.Layer.ShouldBe(ConnectionLayer.Transport);
    }

    [Fact]
    public async Task The_end_of_the_connection_below_ends_the_one_above()
    {
        await using var nodes = await StreamNodes.StartAsync();
        var above = await nodes.ConnectOverStreamAsync().Within();
        nodes.Dialer.Connections.Single(connection => connection != above).Abort(ConnectionErrorCode.None);
        await above.Completion.Within();
    }

    private static async Task EchoAsync(IStream stream, int length)
    {
        var message = DuplexBytes.Pattern(length);
        var writing = stream.Output.WriteToEndAsync(message);
        var answer = await stream.Input.ReadToEndAsync().Within();
        await writing.Within();
        answer.ShouldBeBytes(message);
    }
}

/// <summary>The bytes of such a connection keep every promise of a byte connection.</summary>
public class StreamBytesTests : ByteConnectionContract
{
    protected override async ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var quic = new QuicNodes();
        var listener = quic.Make(2);
        var dialer = quic.Make(1);
        await listener.StartAsync();
        await dialer.StartAsync();
        await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var dialing = new TestKit.Probes.StreamTransport(dialer, quic.Runtime.Node);
        var listening = new TestKit.Probes.StreamTransport(listener, quic.Runtime.Node);
        var address = Multiformats.Multiaddr.Create(Multiformats.MultiaddrProtocol.P2pCircuit);
        var bound = await listening.ListenAsync(address, new ListenContext { Runtime = quic.Runtime.Node, Identity = TestIdentity.Get(2) });
        var connecting = dialing.DialAsync(bound.Addresses[0], new DialContext { Runtime = quic.Runtime.Node, Identity = TestIdentity.Get(1) }).AsTask();
        var incoming = (await bound.AcceptAsync().Within()).ShouldNotBeNull();
        var mine = await incoming.CompleteAsync(TestKit.Upgrading.Listener(quic.Runtime)).Within();
        return new ByteConnectionPair(await connecting.Within(), mine, bound, quic);
    }
}
