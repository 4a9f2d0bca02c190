using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

public sealed class NoiseChannelContractTests : SecurityChannelContract
{
    protected override bool ChoosesMuxerEarly => true;

    protected override bool BindsPrologue => true;

    protected override ISecurityChannel CreateChannel() => Channels.Create();
}

public sealed class NoiseConnectionContractTests : ByteConnectionContract
{
    protected override async ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var wire = BytePair.Create();
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        return new ByteConnectionPair(dialer.Connection, listener.Connection, wire);
    }
}
