using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryByteConnectionContract : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync() => new(MemoryFixture.PairAsync());
}

/// <summary>The same where most flushes wait for the reader.</summary>
public sealed class MemorySmallCapacityContract : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync() => new(MemoryFixture.PairAsync(new MemoryOptions { Capacity = 1024 }));
}

public sealed class MemoryByteTransportContract : ByteTransportContract
{
    private readonly MemoryHub _hub = new();

    protected override Multiaddr ListenAddress => MemoryFixture.Any;

    protected override IReadOnlyList<Multiaddr> ForeignAddresses =>
    [
        Multiaddr.Parse("/ip4/127.0.0.1"), Multiaddr.Parse("/ip4/127.0.0.1/tcp/1"), Multiaddr.Parse("/memory/1/memory/2"), Multiaddr.Parse("/memory/1/tcp/2"), Multiaddr.Parse("/unix/tmp%2fsocket"),
    ];

    protected override TestRuntime Runtime { get; } = TestRuntime.System();

    protected override IByteTransport CreateTransport() => MemoryFixture.Transport(_hub);
}
