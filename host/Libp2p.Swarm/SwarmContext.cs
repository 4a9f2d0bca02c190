using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Events;
using Libp2p.Swarm.Gating;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Reachability;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Resources.Eviction;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;
using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm;

/// <summary>What the parts of one swarm share.</summary>
internal sealed class SwarmContext : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public SwarmContext(NodeIdentity identity, SwarmOptions options, NodeRuntime runtime, ILogger logger)
    {
        Stopping = _stopping.Token;
        Identity = identity;
        Options = options;
        Runtime = runtime;
        Logger = logger;
        Roles = new RoleRegistry(options, runtime.Scheduler);
        Governor = new ResourceGovernor(options.Resources, runtime.Time);
        Peers = new Peerstore(runtime, options.Peers);
        Events = new EventHub(options.EventQueueCapacity, runtime.Scheduler);
        NegotiationDeadlines = new DeadlineQueue(runtime.Time, options.StreamNegotiationTimeout);
        Handlers = new UseCounter(runtime.Scheduler);
        Work = new UseCounter(runtime.Scheduler);
        Gates = new ConnectionGates(options.Gating, Roles, logger);
        Connections = new ConnectionTable(this);
        Evictor = new Evictor(this);
        Governor.Evictor = Evictor;
        Governor.Refusals.Told = (denial, count) => runtime.Scheduler.Schedule(_ => OnRefused(denial, count), null);
        Governor.PressureMoved = OnPressure;
    }

    public NodeIdentity Identity { get; }

    public SwarmOptions Options { get; }

    public NodeRuntime Runtime { get; }

    public ILogger Logger { get; }

    public RoleRegistry Roles { get; }

    public ResourceGovernor Governor { get; }

    public Peerstore Peers { get; }

    public EventHub Events { get; }

    public DeadlineQueue NegotiationDeadlines { get; }

    /// <summary>Rules about who may connect.</summary>
    public ConnectionGates Gates { get; }

    public ConnectionTable Connections { get; }

    /// <summary>Closes connections for want of resources.</summary>
    public Evictor Evictor { get; }

    /// <summary>Where peers see this node. Set once, by the node.</summary>
    public ObservedAddresses Observed { get; set; } = null!;

    /// <summary>The handlers that run now; closed once the node drains.</summary>
    public UseCounter Handlers { get; }

    /// <summary>Dials, upgrades and connections that hold anything now; the stop waits for the last.</summary>
    public UseCounter Work { get; }

    /// <summary>Cancelled when the node begins to stop: upgrades end.</summary>
    public CancellationToken Stopping { get; }

    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        NegotiationDeadlines.Dispose();
        Evictor.Dispose();
        Events.Complete();
    }

    private void OnRefused(ResourceDenial denial, long count)
    {
        Logger.LimitReached(denial, count);
        Events.Publish(new LimitReached(denial, count));
    }

    /// <summary>Called by whoever reserved, perhaps under a lock: what it does comes later.</summary>
    private void OnPressure(ResourcePressure pressure, bool changed)
    {
        if (pressure == ResourcePressure.Evict) Evictor.Wake();
        if (changed) Runtime.Scheduler.Schedule(_ => OnPressureChanged(pressure), null);
    }

    private void OnPressureChanged(ResourcePressure pressure)
    {
        Logger.PressureChanged(pressure);
        Events.Publish(new ResourcePressureChanged(pressure));
    }
}
