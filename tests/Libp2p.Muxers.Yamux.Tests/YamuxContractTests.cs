using System.IO.Pipelines;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>yamux as a muxer, by the suite that every muxer keeps.</summary>
public sealed class YamuxMuxerContractTests : StreamMuxerContract
{
    protected override bool CarriesConnectionCodes => true;

    protected override int Churn => Simulation.Current is null ? 50_000 : 200;

    protected override IStreamMuxer CreateMuxer() => new YamuxMuxer();
}

/// <summary>The streams of yamux, by the suite that all streams keep.</summary>
public sealed class YamuxStreamContractTests : MuxedStreamContract
{
    protected override bool CarriesErrorCodes => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create());
}

/// <summary>The same streams where continuations run inline, on the read loop itself, and where nothing can be gathered.</summary>
public sealed class YamuxInlineStreamContractTests : MuxedStreamContract
{
    protected override bool CarriesErrorCodes => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await MuxedPair.OverAsync(
        new YamuxMuxer(), new YamuxMuxer(), BytePair.Create(new BytePairOptions { GatherWriter = false, Capacity = 20_000 }), Inline(Upgrading.Dialer()), Inline(Upgrading.Listener()));

    private static UpgradeContext Inline(UpgradeContext context) => new()
    {
        Runtime = new NodeRuntime { Network = context.Runtime.Network, Scheduler = PipeScheduler.Inline },
        Identity = context.Identity,
        Direction = context.Direction,
        Role = context.Role,
    };
}

/// <summary>The same connections with small windows and frames, which are cut and stopped far more often.</summary>
public sealed class YamuxSmallFramesContractTests : MuxedConnectionContract
{
    protected override bool CarriesConnectionCodes => true;

    protected override int Churn => Simulation.Current is null ? 1_000 : 200;

    protected override async ValueTask<MuxedPair> ConnectAsync()
    {
        var options = new YamuxOptions { MaxSentFrameLength = 1024, SendBufferSize = 64 * 1024, MaxWindow = 256 * 1024, MaxGrownCredit = 0 };
        return await MuxedPair.OverAsync(new YamuxMuxer(options), new YamuxMuxer(options), BytePair.Create(new BytePairOptions { Capacity = 3_000 }));
    }
}
