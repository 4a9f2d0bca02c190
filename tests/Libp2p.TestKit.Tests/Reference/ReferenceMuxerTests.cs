namespace Libp2p.TestKit.Tests.Reference;

public class ReferenceMuxerTests : StreamMuxerContract
{
    protected override bool CarriesConnectionCodes => true;

    protected override IStreamMuxer CreateMuxer() => new ReferenceMuxer();
}

public class ReferenceStreamTests : MuxedStreamContract
{
    protected override bool CarriesErrorCodes => true;

    protected override bool ResetsOneWayAlone => true;

    protected override async ValueTask<MuxedPair> ConnectAsync() => await MuxedPair.OverAsync(new ReferenceMuxer(), new ReferenceMuxer(), BytePair.Create());
}
