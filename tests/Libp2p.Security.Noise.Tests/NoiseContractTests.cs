using Libp2p.Crypto;
using Libp2p.Security.Noise.Tests.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

public class NoiseChannelContractTests : SecurityChannelContract
{
    protected override bool ChoosesMuxerEarly => true;

    protected override bool BindsPrologue => true;

    protected virtual AeadProvider Aead => CryptoProviders.Aead;

    protected virtual X25519Provider X25519 => CryptoProviders.X25519;

    protected override ISecurityChannel CreateChannel() => Channels.Create(aead: Aead, x25519: X25519);
}

/// <summary>As on a machine without libcrypto.</summary>
public sealed class NoiseChannelOnTheRuntimeContractTests : NoiseChannelContractTests
{
    protected override AeadProvider Aead => Providers.Aead("runtime");

    protected override X25519Provider X25519 => Providers.Curve("bouncycastle");

    protected override int TamperStride => 31;
}

/// <summary>As on a machine with managed code only.</summary>
public sealed class NoiseChannelOnManagedCodeContractTests : NoiseChannelContractTests
{
    protected override AeadProvider Aead => Providers.Aead("bouncycastle");

    protected override X25519Provider X25519 => Providers.Curve("bouncycastle");

    protected override int TamperStride => 31;
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
