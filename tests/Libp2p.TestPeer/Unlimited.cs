using Libp2p.Muxers.Yamux;
using Libp2p.Protocols.Perf;
using Libp2p.Swarm;

namespace Libp2p.TestPeer;

/// <summary>The limits that a measuring peer lifts, as the other peers of the contract do.</summary>
internal static class Unlimited
{
    public static void Swarm(SwarmOptions options)
    {
        options.MaxPendingUpgrades = 10_000;
        options.Resources.MaxConnections = 100_000;
        options.Resources.MaxConnectionsPerPeer = 100_000;
        options.Resources.MaxStreamsPerConnection = 100_000;
        options.Resources.MaxStreams = 1_000_000;
    }

    public static void Perf(PerfOptions options, int block)
    {
        options.Serve = true;
        options.BlockSize = block;
        options.MaxStreamsPerPeer = 64;
        options.MaxDownload = 1L << 62;
        options.StallTimeout = TimeSpan.FromMinutes(10);
    }

    public static void Yamux(YamuxOptions options)
    {
        options.MaxInboundStreams = 100_000;
        options.ResetsPerSecond = 100_000;
        options.ResetBurst = 100_000;
    }
}
