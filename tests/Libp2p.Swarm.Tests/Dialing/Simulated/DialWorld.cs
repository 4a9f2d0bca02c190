using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Dialing;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>A swarm node in virtual time whose one transport does as it is told.</summary>
internal sealed class DialWorld
{
    /// <summary>Who is dialed where it does not matter.</summary>
    public static readonly PeerId Peer = TestIdentity.Get(99).PeerId;

    private readonly Dictionary<string, Script> _scripts = [];
    private readonly List<(Func<string, bool> Separates, ScheduledCompletion<bool> Healed)> _cuts = [];

    private DialWorld(Simulation simulation, SimulatedHost host, SwarmNode node)
    {
        Simulation = simulation;
        Host = host;
        Node = node;
        Transport = new ScriptedTransport(ScriptOf, CutOf);
    }

    public Simulation Simulation { get; }

    public SimulatedHost Host { get; }

    public SwarmNode Node { get; }

    public ScriptedTransport Transport { get; }

    public Dialer Dialer => Node.Dialer;

    public TimeSpan Now => Simulation.Now;

    /// <summary>What addresses do for which nothing is said.</summary>
    public Script Otherwise { get; set; } = new(Ending.Silence);

    /// <summary>Runs a test; afterwards every token must be back, and nothing be held.</summary>
    public static Task RunAsync(Func<DialWorld, Task> body, Action<SwarmOptions>? configure = null) => 
        Simulation.RunAsync(1, simulation => RunAsync(simulation, body, configure), new SimulationOptions { MaxVirtualTime = TimeSpan.FromDays(1) });

    public static async Task RunAsync(Simulation simulation, Func<DialWorld, Task> body, Action<SwarmOptions>? configure = null)
    {
        var world = await StartAsync(simulation, "dialer", configure);
        await body(world);
        await world.StopAsync();
    }

    public static async Task<DialWorld> StartAsync(Simulation simulation, string name, Action<SwarmOptions>? configure = null)
    {
        var host = simulation.AddHost(name);
        var options = new SwarmOptions { DrainTimeout = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        var world = new DialWorld(simulation, host, new SwarmNode(host.Identity, options, host.Runtime));
        world.Node.Exports.Add<ITransport>(world.Transport);
        await world.Node.StartAsync();
        return world;
    }

    /// <summary>Every token must be back, and nothing be held.</summary>
    public async Task StopAsync()
    {
        await Node.StopAsync();
        await Simulation.Delay(TimeSpan.FromMinutes(2));
        ShouldBeIdle();
        Node.AssertNothingHeld();
    }

    /// <summary>All tokens are back, and no dial runs.</summary>
    public void ShouldBeIdle()
    {
        Transport.Now.ShouldBe(0);
        Dialer.Running.ShouldBe(0);
        Dialer.Tokens.Held.ShouldBe(0);
        Dialer.Tokens.Peers.ShouldBe(0);
    }

    public void On(string address, Ending ending, double milliseconds = 0, NodeIdentity? who = null, ConnectionLimits? limits = null) =>
        _scripts[address] = new Script(ending, TimeSpan.FromMilliseconds(milliseconds), who, limits);

    /// <summary>Cuts addresses off: whatever their scripts say waits until what is returned is called, or the dial is given up.</summary>
    public Action Cut(Func<string, bool> separates)
    {
        var cut = (separates, new ScheduledCompletion<bool>(Host.Runtime.Scheduler));
        _cuts.Add(cut);
        return () =>
        {
            _cuts.Remove(cut);
            cut.Item2.TrySetResult(true);
        };
    }

    public Task<IConnection> DialAsync(params string[] addresses) => DialAsync(Peer, CancellationToken.None, addresses);

    public Task<IConnection> DialAsync(PeerId peer, CancellationToken cancellationToken, params string[] addresses) =>
        Node.ConnectAsync(peer, new ConnectOptions { Addresses = Parse(addresses) }, cancellationToken).AsTask();

    public static ImmutableArray<Multiaddr> Parse(params string[] addresses) => [.. addresses.Select(Multiaddr.Parse)];

    /// <summary>Remembers addresses of a peer.</summary>
    public void Remember(PeerId peer, params string[] addresses) => Node.Peers.AddAddresses(peer, Parse(addresses), TimeSpan.FromDays(1));

    /// <summary>When an address was dialed first.</summary>
    public TimeSpan At(string address) => Transport.Dials.First(dial => dial.Address.ToString() == address).At;

    public static async Task<DialException> FailsAsync(Task dial) => await Assert.ThrowsAsync<DialException>(() => dial);

    private Script ScriptOf(Multiaddr address) => _scripts.GetValueOrDefault(address.ToString(), Otherwise);

    private Task? CutOf(Multiaddr address)
    {
        var text = address.ToString();
        foreach (var (separates, healed) in _cuts)
        {
            if (separates(text)) return healed.Task;
        }

        return null;
    }
}
