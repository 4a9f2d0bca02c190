using Libp2p.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Handshake;

public class NoiseEphemeralKeysTests
{
    [Fact]
    public async Task Every_handshake_has_a_key_of_its_own_whether_one_was_ready_or_not()
    {
        var runtime = TestRuntime.System(seed: 3).Node;
        using var keys = new NoiseEphemeralKeys(CryptoProviders.X25519);
        var taken = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => keys.Take(runtime)))).Within();
        taken.Select(static key => Convert.ToHexString(key.PublicKey)).Distinct().Count().ShouldBe(64);
        foreach (var key in taken) key.Dispose();
    }

    [Fact]
    public async Task The_key_made_ready_is_the_next_one()
    {
        var made = new CountingProvider();
        var runtime = TestRuntime.System(seed: 4).Node;
        using var keys = new NoiseEphemeralKeys(made);
        keys.Take(runtime).Dispose();
        await Watchdog.Eventually(() => made.Count == 2);
        await Watchdog.Eventually(() => keys.HasOneReady);
        keys.Take(runtime).Dispose();
        await Watchdog.Eventually(() => keys.HasOneReady);
        made.Count.ShouldBe(3);
    }

    [Fact]
    public void Disposed_it_keeps_none()
    {
        var runtime = TestRuntime.System(seed: 5).Node;
        var keys = new NoiseEphemeralKeys(CryptoProviders.X25519);
        keys.Dispose();
        keys.Take(runtime).Dispose();
        keys.HasOneReady.ShouldBeFalse();
    }

    private sealed class CountingProvider : X25519Provider
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override string Name => "counting";

        public override string Origin => "a test";

        public override bool IsSupported => true;

        public override X25519PrivateKey Import(ReadOnlySpan<byte> privateKey)
        {
            Interlocked.Increment(ref _count);
            return CryptoProviders.X25519.Import(privateKey);
        }
    }
}
