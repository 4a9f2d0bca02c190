using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>yamux as a muxer, by the suite that every muxer keeps.</summary>
public sealed class YamuxMuxerContractTests : StreamMuxerContract
{
    protected override bool CarriesConnectionCodes => true;

    protected override int Churn => 50_000;

    protected override IStreamMuxer CreateMuxer() => new YamuxMuxer();
}

/// <summary>The streams of yamux, by the suite that all streams keep.</summary>
public sealed class YamuxStreamContractTests : MuxedStreamContract
{
    protected override bool CarriesErrorCodes => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create());
}
