using System.Runtime.CompilerServices;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// The static keys of a node: one an identity, made at first use and never stored, so that every start of the process has new ones and two identities cannot
/// be linked by them. Thread-safe.
/// </summary>
internal sealed class NoiseStaticKeys(X25519Provider provider)
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<NodeIdentity, NoiseStaticKey> _keys = [];

    public NoiseStaticKey Get(NodeIdentity identity, RandomSource random)
    {
        if (_keys.TryGetValue(identity, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            return _keys.GetValue(identity, owner => NoiseStaticKey.Create(owner, NoiseStaticKey.NewKey(provider, random)));
        }
    }
}
