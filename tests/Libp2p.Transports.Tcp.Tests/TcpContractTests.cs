using Libp2p.Multiformats;
using Libp2p.Swarm;
using Libp2p.TestKit;

namespace Libp2p.Transports.Tcp.Tests;

public sealed class TcpByteConnectionContract : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync() =>
        new(ByteTransportContract.ConnectBytesAsync(TcpFixture.Transport(), TcpFixture.AnyLoopback, TcpFixture.NewRuntime()));
}

/// <summary>The same with the smallest buffers, where everything is cut and moved about.</summary>
public sealed class TcpSmallBuffersContract : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync() => new(ByteTransportContract.ConnectBytesAsync(
        TcpFixture.Transport(new TcpOptions { ReceiveBuffer = 4096, SendBuffer = 1024 }), TcpFixture.AnyLoopback, TcpFixture.NewRuntime()));
}

/// <summary>The same where sockets continue on the thread pool.</summary>
public sealed class TcpThreadPoolContract : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync() => new(ByteTransportContract.ConnectBytesAsync(
        TcpFixture.Transport(), Multiaddr.Parse("/ip6/::1/tcp/0"), TestRuntime.System(network: new SystemNetwork(options: new() { InlineCompletions = false }))));
}

public sealed class TcpByteTransportContract : ByteTransportContract
{
    protected override Multiaddr ListenAddress => TcpFixture.AnyLoopback;

    protected override IReadOnlyList<Multiaddr> MoreListenAddresses => [Multiaddr.Parse("/ip6/::1/tcp/0"), Multiaddr.Parse("/ip4/0.0.0.0/tcp/0"), Multiaddr.Parse("/ip6/::/tcp/0")];

    protected override IReadOnlyList<Multiaddr> ForeignAddresses =>
    [
        Multiaddr.Parse("/ip4/127.0.0.1"), Multiaddr.Parse("/ip4/127.0.0.1/udp/1"), Multiaddr.Parse("/ip4/127.0.0.1/udp/1/quic-v1"),
        Multiaddr.Parse("/ip4/127.0.0.1/tcp/1/ws"), Multiaddr.Parse("/dns4/localhost/tcp/1"), Multiaddr.Parse("/unix/tmp%2fsocket"), Multiaddr.Parse("/memory/1"),
    ];

    protected override TestRuntime Runtime { get; } = TcpFixture.NewRuntime();

    protected override IByteTransport CreateTransport() => TcpFixture.Transport();
}
