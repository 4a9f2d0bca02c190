using Libp2p.Multiformats;
using Libp2p.TestKit.Probes;

namespace Libp2p.TestKit.Tests.Probes;

public class FakeQuicTransportTests : MultiplexedTransportContract
{
    private readonly FakeQuicNetwork _network = new();

    protected override Multiaddr ListenAddress => Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1");

    protected override IReadOnlyList<Multiaddr> MoreListenAddresses => [Multiaddr.Parse("/ip6/::1/udp/0/quic-v1")];

    protected override IReadOnlyList<Multiaddr> ForeignAddresses =>
        [Multiaddr.Parse("/ip4/127.0.0.1"), Multiaddr.Parse("/ip4/127.0.0.1/tcp/1"), Multiaddr.Parse("/ip4/127.0.0.1/udp/1")];

    protected override TestRuntime Runtime { get; } = TestRuntime.System();

    protected override bool CanRetry => true;

    protected override IMultiplexedTransport CreateTransport() => new FakeQuicTransport(_network);
}

public class FakeQuicConnectionTests : MuxedConnectionContract
{
    protected override bool CarriesConnectionCodes => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await FakeQuic.ConnectAsync();
}

public class FakeQuicStreamTests : MuxedStreamContract
{
    protected override bool CarriesErrorCodes => true;

    protected override bool ResetsOneWayAlone => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await FakeQuic.ConnectAsync();
}

internal static class FakeQuic
{
    public static Task<MuxedPair> ConnectAsync() =>
        MultiplexedTransportContract.ConnectStreamsAsync(
            new FakeQuicTransport(new FakeQuicNetwork()), Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1"), TestRuntime.System());
}
