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

    private DialWorld(Simulation simulation, SwarmNode node, Func<ScriptedTransport> transport)
    {
        Simulation = simulation;
        Node = node;
        Transport = transport();
    }

    public Simulation Simulation { get; }

    public SwarmNode Node { get; }

    public ScriptedTransport Transport { get; private set; } = null!;

    public Dialer Dialer => Node.Dialer;

    public TimeSpan Now => Simulation.Now;

    /// <summary>What addresses do for which nothing is said.</summary>
    public Script Otherwise { get; set; } = new(Ending.Silence);

    /// <summary>Runs a test; afterwards every token must be back, and nothing be held.</summary>
    public static Task RunAsync(Func<DialWorld, Task> body, Action<SwarmOptions>? configure = null) => 
        Simulation.RunAsync(1, simulation => RunAsync(simulation, body, configure), new SimulationOptions { MaxVirtualTime = TimeSpan.FromDays(1) });

    public static async Task RunAsync(Simulation simulation, Func<DialWorld, Task> body, Action<SwarmOptions>? configure = null)
    {
        var host = simulation.AddHost("dialer");
        var options = new SwarmOptions { DrainTimeout = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        var node = new SwarmNode(host.Identity, options, host.Runtime);
        DialWorld? world = null;
        world = new DialWorld(simulation, node, () => new ScriptedTransport(address => world!.ScriptOf(address)));
        node.Exports.Add<ITransport>(world.Transport);
        await node.StartAsync();
        await body(world);
        await node.StopAsync();
        await simulation.Delay(TimeSpan.FromMinutes(2));
        world.ShouldBeIdle();
        node.Context.Governor.Connections.ShouldBe(0);
        node.Context.Governor.Reserved.ShouldBe(0);
    }

    /// <summary>All tokens are back, and no dial runs.</summary>
    public void ShouldBeIdle()
    {
        Transport.Now.ShouldBe(0);
        Dialer.Running.ShouldBe(0);
        Dialer.Tokens.Free.ShouldBe(Node.Context.Options.Dialing.MaxDials);
        Dialer.Tokens.Peers.ShouldBe(0);
    }

    public void On(string address, Ending ending, double milliseconds = 0, NodeIdentity? who = null, ConnectionLimits? limits = null) =>
        _scripts[address] = new Script(ending, TimeSpan.FromMilliseconds(milliseconds), who, limits);

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
}
