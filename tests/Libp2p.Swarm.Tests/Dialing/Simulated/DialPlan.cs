using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Peers, what their addresses do, and who dials them when: drawn at once, so that two worlds can see the same.</summary>
internal sealed class DialPlan
{
    private readonly Dictionary<string, (int Peer, Ending Ending, int Milliseconds, NodeIdentity? Who)> _scripts = [];
    private readonly List<Call> _calls = [];
    private readonly List<(TimeSpan At, PeerId Peer, string Address)> _finds = [];

    public int Peers { get; private set; }

    public static DialPlan Draw(RandomSource random)
    {
        var plan = new DialPlan { Peers = 2 + random.Next(12) };
        var at = TimeSpan.Zero;
        for (var number = 1; number <= plan.Peers; number++)
        {
            var peer = TestIdentity.Get((byte)(100 + number)).PeerId;
            var addresses = Enumerable.Range(1, 1 + random.Next(12)).Select(index => plan.DrawAddress(random, number, index)).Distinct().ToArray();
            for (var caller = 1 + random.Next(4); caller > 0; caller--)
            {
                // Not two at the same moment: which address is known first depends on who comes first.
                at += TimeSpan.FromMicroseconds(10);

                var some = addresses.Where(_ => random.Next(3) > 0).ToArray();

                // Half a millisecond beside everything else, so that nothing ends at the same moment.
                TimeSpan? patience = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(20_000) + 0.5) : null;
                plan._calls.Add(new Call(at, peer, some.Length > 0 ? some : addresses, patience));
            }

            at += TimeSpan.FromMilliseconds(random.Next(3000));
            if (random.Next(3) == 0) plan._finds.Add((at, peer, plan.DrawAddress(random, number, 20)));
        }

        return plan;
    }

    public bool IsOf(int peer, string address) => _scripts[address].Peer == peer;

    public void Prepare(DialWorld world)
    {
        foreach (var (address, (_, ending, milliseconds, who)) in _scripts) world.On(address, ending, milliseconds, who);
    }

    /// <summary>How each call ended, in their order.</summary>
    public async Task<Told[]> RunAsync(DialWorld world)
    {
        var start = world.Now;
        var calls = _calls.Select(CallAsync).ToArray();
        foreach (var (at, peer, address) in _finds)
        {
            await world.Simulation.Delay(at - (world.Now - start));
            world.Remember(peer, address);
        }

        var told = new List<Told>();
        foreach (var call in calls) told.Add(await call);
        return [.. told];

        async Task<Told> CallAsync(Call call)
        {
            await world.Simulation.Delay(call.At);
            using var caller = call.Patience is { } patience ? new CancellationTokenSource(patience, world.Simulation.Time) : new CancellationTokenSource();
            var from = world.Now;
            try
            {
                var connection = await world.DialAsync(call.Peer, caller.Token, call.Addresses);
                connection.RemotePeer.ShouldBe(call.Peer);
                return new Told("connected", world.Now - from);
            }
            catch (DialException failure)
            {
                return new Told("failed", world.Now - from) { Failure = failure };
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
                (world.Now - from).ShouldBe(call.Patience!.Value);
                return new Told("cancelled", world.Now - from);
            }
        }
    }

    private string DrawAddress(RandomSource random, int peer, int index)
    {
        var address = random.Next(7) switch
        {
            0 => $"/ip4/45.0.{peer}.{index}/udp/1/quic-v1",
            1 => $"/ip6/2a00::{peer}:{index}/udp/1/quic-v1",
            2 => $"/ip6/2a00::{peer}:{index}/tcp/1",
            3 => $"/ip4/10.0.{peer}.{index}/tcp/1",
            4 => $"/ip4/10.0.{peer}.{index}/udp/1/quic-v1",
            5 => $"/ip4/45.0.{peer}.{index}/tcp/1/p2p/{TestIdentity.Stranger.PeerId}/p2p-circuit",
            _ => $"/ip4/45.0.{peer}.{index}/tcp/1",
        };
        var wrong = random.Next(8) == 0 ? TestIdentity.Stranger : null;
        var ending = random.Next(4) switch { 0 => Ending.Connect, 1 => Ending.Silence, _ => Ending.Refuse };
        _scripts[address] = (peer, ending, random.Next(6000), wrong);
        return address;
    }

    private sealed record Call(TimeSpan At, PeerId Peer, string[] Addresses, TimeSpan? Patience);
}

/// <summary>How a caller's wait ended.</summary>
internal sealed record Told(string Outcome, TimeSpan After)
{
    public DialException? Failure { get; init; }

    public bool Equals(Told? other) => other is not null && Outcome == other.Outcome && After == other.After;

    public override int GetHashCode() => HashCode.Combine(Outcome, After);
}
