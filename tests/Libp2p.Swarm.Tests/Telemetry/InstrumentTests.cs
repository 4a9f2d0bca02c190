using System.Net;
using System.Net.Sockets;
using Libp2p.Swarm.Tests.Connections;
using Libp2p.Swarm.Tests.Dialing;
using Libp2p.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Telemetry;

/// <summary>Each instrument of docs/telemetry.md that the swarm owns is measured, with its tags, by what it is for.</summary>
public sealed class InstrumentTests : IDisposable
{
    private readonly Measurements _measured = new();

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task Connections_streams_upgrades_and_negotiations()
    {
        await using (var nodes = new StackNodes())
        {
            var listener = await nodes.StartAsync(1);
            var dialer = await nodes.StartAsync(2);
            var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
            await ConnectionTests.EchoAsync(connection);
            await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/nope/1"]).AsTask().Within());
            await Should.ThrowAsync<DialException>(dialer.ConnectAsync(TestIdentity.Stranger.PeerId, new ConnectOptions { Addresses = [listener.ListenAddresses[0]] }).AsTask().Within());
        }

        await SeenAsync(
            "libp2p.connections direction=inbound",
            "libp2p.connections direction=outbound",
            "libp2p.streams direction=inbound",
            "libp2p.streams direction=outbound",
            "libp2p.upgrade.duration direction=inbound outcome=ok",
            "libp2p.upgrade.duration direction=outbound outcome=ok",
            "libp2p.upgrade.duration direction=inbound outcome=failed",
            "libp2p.upgrade.duration direction=outbound outcome=failed",
            "libp2p.negotiation.duration direction=inbound",
            "libp2p.negotiation.duration direction=outbound",
            "libp2p.negotiations.failed direction=outbound reason=unsupported",
            "libp2p.incoming.failed reason=failed",
            "libp2p.dials outcome=connected",
            "libp2p.dials outcome=failed");
    }

    [Fact]
    public async Task Negotiations_that_break_off()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        stream.Abort(StreamSide.Both, StreamErrorCode.None);
        await stream.DisposeAsync();

        var asking = await raw.OpenStreamAsync().Within();
        await asking.Output.WriteAsync("\u0013/multistream/1.0.0\n\u0008/nope/1\n"u8.ToArray()).Within();
        await asking.Output.CompleteAsync();

        var dialer = await nodes.StartAsync(2);
        var (connection, remote) = await nodes.ConnectRawAsync(dialer);
        var opening = connection.OpenStreamAsync(["/never/1"], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).AsTask();
        var far = (await remote.AcceptStreamAsync().Within()).ShouldNotBeNull();
        far.Abort(StreamSide.Both, StreamErrorCode.None);
        await Should.ThrowAsync<Libp2pException>(opening.Within());
        await far.DisposeAsync();
        await remote.DisposeAsync();
        await SeenAsync(
            "libp2p.negotiations.failed direction=inbound reason=failed", "libp2p.negotiations.failed direction=inbound reason=unsupported", "libp2p.negotiations.failed direction=outbound reason=failed");
        await asking.DisposeAsync();
    }

    [Fact]
    public async Task Refused_and_gated_and_cancelled()
    {
        await using var nodes = new QuicNodes();
        var full = await nodes.StartAsync(1, static options => options.Resources.MaxConnections = 1);
        var closed = await nodes.StartAsync(2, static options => options.Gating.Block.Add("127.0.0.0/8"));
        var dialer = await nodes.StartAsync(3);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(full)).Within();
        foreach (var refusing in new[] { QuicNodes.AddressOf(full), QuicNodes.AddressOf(closed) })
        {
            await Should.ThrowAsync<DialException>(dialer.ConnectAsync(refusing, new ConnectOptions { ForceNew = true }).AsTask().Within());
        }

        var stuck = new StuckTransport();
        dialer.Exports.Add<ITransport>(stuck);
        using var caller = new CancellationTokenSource();
        var dial = dialer.ConnectAsync(StuckTransport.Address(1), cancellationToken: caller.Token).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 1);
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(dial.Within());
        await SeenAsync(
            "libp2p.incoming.failed reason=refused", "libp2p.incoming.failed reason=gated", "libp2p.limits.refused limit=Resources:MaxConnections", "libp2p.dials outcome=cancelled");
        await connection.CloseAsync().Within();
    }

    [Fact]
    public async Task Events_dropped()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1, static options => options.EventQueueCapacity = 1);
        _ = node.Events(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++) node.Publish(new EventsDropped(1));
        await SeenAsync("libp2p.events.dropped");
    }

    [Fact]
    public async Task Accepts_put_off()
    {
        await using var listener = new SystemStreamSocketListener(new NoDescriptors(), inline: false, new FakeTimeProvider());
        var accepting = listener.AcceptAsync().AsTask();
        await SeenAsync("libp2p.network.accept.shortages");
        accepting.IsCompleted.ShouldBeFalse();
    }

    private async Task SeenAsync(params string[] instruments)
    {
        try
        {
            await Watchdog.Eventually(() => instruments.All(_measured.Seen.Contains));
        }
        catch (TimeoutException)
        {
            instruments.Except(_measured.Seen).ShouldBeEmpty("not measured");
        }
    }

    private sealed class NoDescriptors : IAcceptor
    {
        public EndPoint Local { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => throw new SocketException((int)SocketError.TooManyOpenSockets);

        public void Dispose()
        {
        }
    }
}
