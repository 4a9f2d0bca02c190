using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;

namespace Libp2p.TestKit;

/// <summary>
/// A network of hosts in virtual time, on one thread, chosen in every detail by a seed: what happened under a seed happens again. Whole nodes run in it unchanged, on
/// <see cref="SimulatedHost.Runtime"/>. Everything here is used within the body given to <see cref="RunAsync"/>, and on its thread.
/// </summary>
/// <example>
/// <code>
/// await Simulation.RunAsync(seed: 1, async simulation =>
/// {
///     var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
///     simulation.Links = new LinkOptions { Loss = 0.05 };
///     ...
///     using (simulation.Partition([a])) await simulation.Delay(TimeSpan.FromSeconds(5));
/// });
/// </code>
/// </example>
public sealed partial class Simulation
{
    private readonly SimulationOptions _options;
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly Life _test = new("test");
    private int _publicAddresses;

    private Simulation(int seed, SimulationOptions options)
    {
        Seed = seed;
        _options = options;
        Trace = new SimulationTrace(options.Trace, options.TraceCapacity);
        Loop = new EventLoop(options, new HostRandom(null, seed, "order"), Trace);
        _delays = new HostRandom(null, seed, "delays");
        Fabric = new Fabric(Loop, Trace, options, seed);
        Runtime = new NodeRuntime
        {
            Time = new HostTime(Loop, _test, static () => TimeSpan.Zero),
            Random = new HostRandom(Loop, seed, "test"),
            Scheduler = new HostScheduler(Loop, _test),
            Network = new NoNetwork(),
        };
    }

    internal void Add(SimulatedNode node) => _nodes.Add(node);

    /// <summary>What chose everything.</summary>
    public int Seed { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now => new(Loop.Now);

    /// <summary>Clock, randomness and continuations of the test itself; it has no network, for which it adds a host. What hosts draw does not change its randomness.</summary>
    public NodeRuntime Runtime { get; }

    /// <summary>The test's own clock; that of every host agrees with it until it jumps. Every simulation begins with the year 2000.</summary>
    public TimeProvider Time => Runtime.Time;

    /// <summary>The test's own randomness.</summary>
    public RandomSource Random => Runtime.Random;

    /// <summary>Runs the test's own continuations.</summary>
    public PipeScheduler Scheduler => Runtime.Scheduler;

    /// <summary>What has happened.</summary>
    public SimulationTrace Trace { get; }

    /// <summary>The hosts, in the order in which they were added.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>The names that every host resolves.</summary>
    public SimulatedDns Dns { get; } = new();

    /// <summary>What every link does for which <see cref="SetLink"/> has said nothing else; counts for what is sent from now on.</summary>
    public LinkOptions Links
    {
        get => Fabric.Links;
        set
        {
            Loop.IsHere();
            Fabric.Links = value;
            Trace.Add(new FaultEvent($"links {value.Describe()}"));
        }
    }

    internal SimulationOptions Options => _options;

    internal EventLoop Loop { get; }

    internal Fabric Fabric { get; }

    /// <summary>Adds a host.</summary>
    /// <param name="name">Its name; no other host has it.</param>
    /// <param name="behind">The gateway that it is behind; null: it is on the internet.</param>
    /// <param name="addresses">Its addresses; none: an IPv4 address is chosen, public where it is on the internet or behind a firewall, else private.</param>
    public SimulatedHost AddHost(string name, SimulatedGateway? behind = null, params IPAddress[] addresses)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Loop.IsHere();
        if (_hosts.Exists(host => host.Name == name)) throw new ArgumentException($"There is a host {name} already.", nameof(name));
        var realm = behind?.Inside ?? Fabric.Internet;
        ImmutableArray<IPAddress> own = addresses.Length > 0 ? [.. addresses] : [behind is null or { Kind: GatewayKind.Firewall } ? NextPublic() : NextPrivate(behind)];
        var host = new SimulatedHost(this, name, own, realm);
        foreach (var address in own)
        {
            realm.Add(address, host);
            for (var wall = behind; wall is { Kind: GatewayKind.Firewall }; wall = wall.Outside.Exit) wall.Outside.Add(address, host);
        }

        realm.Hosts.Add(host);
        _hosts.Add(host);
        Trace.Add(new HostEvent(name, HostChange.Started, $"{string.Join(' ', own.AsEnumerable())}{(behind is null ? "" : $" behind {behind.Name}")}"));
        return host;
    }

    /// <summary>Adds a NAT or a firewall, behind which hosts can be added.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it lets in.</param>
    /// <param name="behind">The gateway that it is behind itself; null: it is on the internet.</param>
    public SimulatedGateway AddGateway(string name, GatewayKind kind, SimulatedGateway? behind = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Loop.IsHere();
        var gateway = new SimulatedGateway(name, kind, behind?.Inside ?? Fabric.Internet, behind is null or { Kind: GatewayKind.Firewall } ? NextPublic() : NextPrivate(behind), _gateways.Count);
        _gateways.Add(gateway);
        Trace.Add(new NoteEvent(null, $"gateway {name} {kind}"));
        return gateway;
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task Delay(TimeSpan time, CancellationToken cancellationToken = default) => Runtime.DelayAsync(time, cancellationToken);

    /// <summary>Lets virtual time pass until something is the case; looked at whenever 10 ms have passed.</summary>
    /// <exception cref="SimulationException">It was not within the limit.</exception>
    public async Task Until(Func<bool> condition, TimeSpan limit, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Now + limit;
        while (!condition())
        {
            if (Now >= end) throw new SimulationException($"not within {limit}: {what ?? "what the test waits for"}");
            await Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a line into the trace.</summary>
    public void Note(string text)
    {
        if (Loop.IsHere()) Trace.Add(new NoteEvent(null, text));
    }

    private IPAddress NextPublic()
    {
        var number = ++_publicAddresses;
        return new IPAddress([45, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }

    private static IPAddress NextPrivate(SimulatedGateway gateway)
    {
        var number = ++gateway.Hosts;
        return new IPAddress([10, (byte)gateway.Number, (byte)(number >> 8), (byte)number]);
    }
}
