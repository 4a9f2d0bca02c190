using Libp2p.Multiformats;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;

namespace Libp2p.Swarm.Tests.Connections;

public class LimitedConnectionTests
{
    private static readonly OpenStreamOptions Allowed = new() { AllowLimited = true };

    [Fact]
    public async Task Limited_connection_needs_a_word_and_leaves_with_its_transport()
    {
        var network = new FakeQuicNetwork();
        await using var nodes = new QuicNodes(network);
        var listener = await nodes.StartAsync(1);
        var dialer = nodes.MakeBare(2);
        var lease = dialer.Exports.Add<ITransport>(new LimitingTransport(network));
        await dialer.StartAsync().Within();
        var limited = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        limited.Limits.ShouldBe(LimitingTransport.Limits);
        (await Should.ThrowAsync<MuxerException>(limited.OpenStreamAsync([QuicNodes.Echo]).AsTask())).Message.ShouldContain("AllowLimited");
        await ConnectionTests.EchoAsync(limited, options: Allowed);
        await using var busy = await limited.OpenStreamAsync([QuicNodes.Echo], Allowed).Within();

        await busy.DisposeAsync();
        await lease.DisposeAsync().Within();
        await limited.Completion.Within();
        nodes.AddTransport(dialer);
        var unlimited = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        unlimited.Limits.ShouldBeNull();
    }

    [Fact]
    public async Task Unlimited_is_better_than_busy()
    {
        var network = new FakeQuicNetwork();
        await using var nodes = new QuicNodes(network);
        var listener = await nodes.StartAsync(1);
        var dialer = nodes.MakeBare(2);
        var limiting = new LimitingTransport(network) { On = false };
        dialer.Exports.Add<ITransport>(limiting);
        await dialer.StartAsync().Within();
        var unlimited = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        limiting.On = true;
        var limited = await dialer.ConnectAsync(listener.PeerId, new ConnectOptions { ForceNew = true }).Within();
        await using var busy = await limited.OpenStreamAsync([QuicNodes.Echo], Allowed).Within();
        (await dialer.ConnectAsync(listener.PeerId).Within()).ShouldBe(unlimited);
    }

    private sealed class LimitingTransport(FakeQuicNetwork network) : IMultiplexedTransport
    {
        private readonly FakeQuicTransport _inner = new(network);

        public static ConnectionLimits Limits { get; } = new(TimeSpan.FromMinutes(2), 128 * 1024);

        public bool On { get; set; } = true;

        public int DialRank(Multiaddr address) => _inner.DialRank(address);

        public bool CanListen(Multiaddr address) => _inner.CanListen(address);

        public async ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
        {
            var connection = await _inner.DialAsync(remote, context, cancellationToken);
            return On ? new Limited(connection) : connection;
        }

        public ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default) =>
            _inner.ListenAsync(local, context, cancellationToken);
    }

    private sealed class Limited(ISecureConnection inner) : ISecureConnection
    {
        public PeerId RemotePeer => inner.RemotePeer;

        public PublicKey RemoteKey => inner.RemoteKey;

        public Multiaddr Local => inner.Local;

        public Multiaddr Remote => inner.Remote;

        public ConnectionLimits? Limits => LimitingTransport.Limits;

        public Task<ConnectionEnd> Completion => inner.Completion;

        public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default) => inner.OpenStreamAsync(cancellationToken);

        public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => inner.AcceptStreamAsync(cancellationToken);

        public void Abort(ConnectionErrorCode code) => inner.Abort(code);

        public object? GetFeature(Type type) => inner.GetFeature(type);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
