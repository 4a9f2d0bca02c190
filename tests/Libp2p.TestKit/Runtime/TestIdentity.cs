using System.Collections.Concurrent;

namespace Libp2p.TestKit;

/// <summary>Identities that are the same in every run: number n is the Ed25519 key whose seed is the byte n, 32 times.</summary>
public static class TestIdentity
{
    private static readonly ConcurrentDictionary<byte, NodeIdentity> Known = new();

    /// <summary>The dialer of the contract suites.</summary>
    public static NodeIdentity Dialer => Get(1);

    /// <summary>The listener of the contract suites.</summary>
    public static NodeIdentity Listener => Get(2);

    /// <summary>Somebody who takes part in nothing.</summary>
    public static NodeIdentity Stranger => Get(3);

    /// <summary>Identity number n; shared, so never dispose its key.</summary>
    public static NodeIdentity Get(byte n) =>
        Known.GetOrAdd(n, static number =>
        {
            Span<byte> seed = stackalloc byte[32];
            seed.Fill(number);
            return new NodeIdentity(PrivateKey.FromEd25519Seed(seed));
        });
}
