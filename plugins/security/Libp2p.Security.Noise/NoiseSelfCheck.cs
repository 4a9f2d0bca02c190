using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>Tells where the primitives of this channel come from.</summary>
internal sealed class NoiseSelfCheck : ISelfCheck
{
    public IEnumerable<Finding> Check() => CryptoProviders.Check();
}
