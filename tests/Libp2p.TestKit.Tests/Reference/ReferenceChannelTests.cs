namespace Libp2p.TestKit.Tests.Reference;

public class ReferenceChannelTests : SecurityChannelContract
{
    protected override bool ChoosesMuxerEarly => true;

    protected override bool BindsPrologue => true;

    protected override ISecurityChannel CreateChannel() => new ReferenceChannel();
}

public class ReferenceSecuredBytesTests : ByteConnectionContract
{
    protected override async ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(new ReferenceChannel(), new ReferenceChannel(), BytePair.Create());
        return new ByteConnectionPair(dialer.Connection, listener.Connection);
    }
}
