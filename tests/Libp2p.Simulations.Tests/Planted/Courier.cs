using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>A small protocol with all that goes wrong in large ones: parcels to peers, over one connection and one stream each, with credit, deadlines, and another try where it breaks.</summary>
internal sealed class Courier
{
    public const int ParcelLength = 16;
    public static readonly TimeSpan FirstParcelWithin = TimeSpan.FromSeconds(5);

    private static readonly ProtocolId Protocol = new("/test/courier/1.0.0");

    private readonly Dictionary<PeerId, Route> _routes = [];
    private readonly bool _dialsTwice;

    public Courier(SimulatedNode node, bool dialsTwice)
    {
        Node = node;
        _dialsTwice = dialsTwice;
        node.Node.Handle(Protocol, (stream, cancel) => new ValueTask(new CourierReceiver(this).ReceiveAsync(stream, cancel)));
    }

    public SimulatedNode Node { get; }

    public NodeRuntime Runtime => Node.Host.Runtime;

    /// <summary>Parcels that came, some perhaps twice.</summary>
    public HashSet<(PeerId From, int Number)> Received { get; } = [];

    /// <summary>Streams that hold something here.</summary>
    public Dictionary<IStream, Holding> Open { get; } = [];

    /// <summary>Whether a stream is still held that should have brought something by now.</summary>
    public bool HoldsIdleOne => Open.Values.Any(held => held.Parcels == 0 && Now - held.Since > FirstParcelWithin);

    public TimeSpan Now => new(Runtime.Time.GetTimestamp());

    /// <summary>The most dials to one peer that were under way or up at once.</summary>
    public int MostConnectionsToOne { get; private set; }

    public Route To(SimulatedNode target)
    {
        if (!_routes.TryGetValue(target.PeerId, out var route)) _routes.Add(target.PeerId, route = new Route(this, target, _dialsTwice));
        return route;
    }

    public static ValueTask<IStream> OpenAsync(IConnection connection) => connection.OpenStreamAsync([Protocol], new OpenStreamOptions { Negotiation = NegotiationMode.Eager });

    public async Task CloseAsync()
    {
        foreach (var route in _routes.Values) await route.CloseAsync();
    }

    public void Count(int connections) => MostConnectionsToOne = Math.Max(MostConnectionsToOne, connections);
}

/// <summary>What is kept for a stream.</summary>
internal sealed class Holding(TimeSpan since)
{
    public TimeSpan Since { get; } = since;

    public int Parcels { get; set; }
}
