namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: black-hole probing.</summary>
public class BlackHoleTests
{
    [Theory]
    [InlineData("/ip4/45.0.0.9/udp/{0}/quic-v1", "UDP")]
    [InlineData("/ip6/2a00::1/tcp/{0}", "IPv6")]
    public Task What_leads_nowhere_is_left_alone_but_for_a_probe_in_a_hundred(string form, string kind) => DialWorld.RunAsync(async world =>
    {
        world.Otherwise = new Script(Ending.Silence);
        for (var number = 0; number < 100; number++) await DialWorld.FailsAsync(DialAsync(world, form, number));
        world.Transport.Dials.Count.ShouldBe(100);

        var refused = await DialWorld.FailsAsync(DialAsync(world, form, 100));
        refused.Message.ShouldContain($"{kind} leads nowhere from here");
        refused.Report.Attempts.Single().Outcome.ShouldBe(DialOutcome.Skipped);
        for (var number = 101; number < 199; number++) await DialWorld.FailsAsync(DialAsync(world, form, number));
        world.Transport.Dials.Count.ShouldBe(100);
        await DialWorld.FailsAsync(DialAsync(world, form, 199));
        world.Transport.Dials.Count.ShouldBe(101);

        // What is near goes another way, and so does the other kind.
        await DialWorld.FailsAsync(world.DialAsync("/ip4/10.0.0.1/udp/1/quic-v1"));
        await DialWorld.FailsAsync(world.DialAsync("/ip4/45.0.0.9/tcp/1"));
        world.Transport.Dials.Count.ShouldBe(103);

        // A probe that reaches somebody begins a new count.
        world.Otherwise = new Script(Ending.Connect);
        for (var number = 200; number < 299; number++) await DialWorld.FailsAsync(DialAsync(world, form, number));
        await DialAsync(world, form, 299);
        await DialAsync(world, form, 300);
        world.Transport.Dials.Count.ShouldBe(105);
    });

    [Fact]
    public Task Five_successes_in_a_hundred_are_enough() => DialWorld.RunAsync(async world =>
    {
        const string form = "/ip4/45.0.0.9/udp/{0}/quic-v1";
        for (var number = 0; number < 300; number++)
        {
            world.Otherwise = new Script(number % 20 == 0 ? Ending.Connect : Ending.Silence);
            try
            {
                await DialAsync(world, form, number);
            }
            catch (DialException)
            {
                // Most fail.
            }
        }

        world.Transport.Dials.Count.ShouldBe(300);
    });

    /// <summary>Each time another peer, so that neither back-off nor a connection comes between.</summary>
    private static Task<IConnection> DialAsync(DialWorld world, string form, int number)
    {
        Span<byte> seed = stackalloc byte[32];
        BitConverter.TryWriteBytes(seed, number + 1);
        return world.DialAsync(PrivateKey.FromEd25519Seed(seed).PublicKey.PeerId, CancellationToken.None, string.Format(null, form, number + 1));
    }
}
