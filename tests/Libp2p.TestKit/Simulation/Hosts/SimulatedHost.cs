using System.Collections.Immutable;
using System.Net;

namespace Libp2p.TestKit;

/// <summary>A machine in a simulation: addresses, a clock, randomness, sockets and a store of its own. Used on the simulation's thread.</summary>
public sealed class SimulatedHost
{
    private readonly Simulation _simulation;
    private readonly HostRandom _random;
    private TimeSpan _clockOffset;
    private bool _isOff;

    internal SimulatedHost(Simulation simulation, string name, ImmutableArray<IPAddress> addresses, Realm realm)
    {
        _simulation = simulation;
        Name = name;
        Addresses = addresses;
        Realm = realm;
        _random = new HostRandom(simulation.Loop, simulation.Seed, $"host {name}");
        Span<byte> key = stackalloc byte[32];
        new HostRandom(null, simulation.Seed, $"key {name}").Fill(key);
        Identity = new NodeIdentity(PrivateKey.FromEd25519Seed(key));
        (Life, Network, Runtime) = Begin();
    }

    /// <summary>Its name, in traces and errors.</summary>
    public string Name { get; }

    /// <summary>Its addresses, without loopback.</summary>
    public ImmutableArray<IPAddress> Addresses { get; }

    /// <summary>The first of its addresses.</summary>
    public IPAddress Address => Addresses[0];

    /// <summary>An Ed25519 identity made from seed and name; the same after a restart.</summary>
    public NodeIdentity Identity { get; }

    /// <summary>Time, randomness, continuations and sockets of this host, for the node that runs on it. Another one after a restart.</summary>
    public NodeRuntime Runtime { get; private set; }

    /// <summary>Whether it has not crashed, or has been restarted since.</summary>
    public bool IsUp => Life.IsAlive;

    /// <summary>What it has written and would find after a crash.</summary>
    public SimulatedStore Store { get; } = new();

    /// <summary>Keeps strangers out; null, the default: there is none.</summary>
    public HostFirewall? Firewall { get; set; }

    internal Simulation Simulation => _simulation;

    internal Life Life { get; private set; }

    internal HostNetwork Network { get; private set; }

    internal Realm Realm { get; }

    /// <summary>Whether anything on it answers, if only to refuse: not once its power is off.</summary>
    internal bool Answers => !_isOff;

    /// <summary>Lets its time of day jump; timers, which count elapsed time, do not notice.</summary>
    public void JumpClock(TimeSpan by)
    {
        _simulation.Loop.IsHere();
        _clockOffset += by;
        _simulation.Trace.Add(new HostEvent(Name, HostChange.ClockJumped, string.Create(null, $"{by:c}")));
    }

    /// <summary>
    /// Ends everything on it at once: no continuation and no timer of it runs any more, and what awaits one never goes on. Its store keeps what was flushed.
    /// </summary>
    public void Crash(CrashKind kind = CrashKind.Power)
    {
        _simulation.Loop.IsHere();
        if (!IsUp) return;
        _isOff = kind == CrashKind.Power;
        _simulation.Trace.Add(new HostEvent(Name, HostChange.Crashed, kind.ToString()));
        var network = Network;
        Life.End();
        Store.Crash(_random);
        if (kind == CrashKind.Process) network.ResetAll();
    }

    /// <summary>Starts it again after a crash, with its store and identity and nothing else; <see cref="Runtime"/> is a new one.</summary>
    public void Restart()
    {
        _simulation.Loop.IsHere();
        if (IsUp) throw new InvalidOperationException($"{Name} is up: only what has crashed can be restarted.");
        _isOff = false;
        (Life, Network, Runtime) = Begin();
        _simulation.Trace.Add(new HostEvent(Name, HostChange.Restarted, ""));
    }

    /// <summary>Puts a line into the trace.</summary>
    public void Note(string text)
    {
        if (_simulation.Loop.IsHere()) _simulation.Trace.Add(new NoteEvent(Name, text));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private (Life Life, HostNetwork Network, NodeRuntime Runtime) Begin()
    {
        var life = new Life(Name);
        var network = new HostNetwork(_simulation.Fabric, this, life);
        var runtime = new NodeRuntime
        {
            Time = new HostTime(_simulation.Loop, life, () => _clockOffset),
            Random = _random,
            Scheduler = new HostScheduler(_simulation.Loop, life),
            Network = network,
        };
        return (life, network, runtime);
    }
}

/// <summary>How a host ends.</summary>
public enum CrashKind
{
    /// <summary>The power goes: peers hear nothing, until it is back and knows nothing of them.</summary>
    Power,

    /// <summary>The process is killed: the machine resets its connections and refuses new ones.</summary>
    Process,
}
