using Libp2p.Multiformats;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Transports.Memory.Tests;

/// <summary>Transports on a hub of their own, and contexts.</summary>
internal static class MemoryFixture
{
    public static readonly Multiaddr Any = Multiaddr.Parse("/memory/0");

    public static MemoryTransport Transport(MemoryHub hub, MemoryOptions? options = null) =>
        new(hub, Options.Create(options ?? new MemoryOptions()), NullLogger<MemoryTransport>.Instance);

    public static async Task<ByteConnectionPair> PairAsync(MemoryOptions? options = null) =>
        await ByteTransportContract.ConnectBytesAsync(Transport(new MemoryHub(), options), Any, TestRuntime.System());

    public static DialContext Dial => new() { Runtime = TestRuntime.System().Node, Identity = TestIdentity.Dialer };

    public static ListenContext Listen(int backlog = 128) => new() { Runtime = TestRuntime.System().Node, Identity = TestIdentity.Listener, Backlog = backlog };
}
