using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p.TestKit.Probes;

/// <summary>The network in which <see cref="FakeQuicTransport"/>s find each other: who is bound to which address. Thread-safe.</summary>
public sealed class FakeQuicNetwork
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Multiaddr, FakeQuicListener> _bound = [];
    private int _lastPort = 40_000;

    /// <summary>How many dials and retries arrived at listeners.</summary>
    public int Arrivals { get; private set; }

    /// <summary>Whether somebody is bound to an address.</summary>
    public bool IsBound(Multiaddr address)
    {
        lock (_gate) return _bound.ContainsKey(address);
    }

    internal FakeQuicListener Bind(Multiaddr local, int backlog)
    {
        lock (_gate)
        {
            if (FakeQuicTransport.PortOf(local) == 0) local = FakeQuicTransport.WithPort(local, ++_lastPort);
            if (_bound.ContainsKey(local)) throw new TransportException($"{local} is taken.", local);
            var listener = new FakeQuicListener(this, local, backlog);
            _bound.Add(local, listener);
            return listener;
        }
    }

    internal void Unbind(FakeQuicListener listener)
    {
        lock (_gate) _bound.Remove(listener.Addresses[0]);
    }

    internal Multiaddr EphemeralOf(Multiaddr remote)
    {
        lock (_gate) return FakeQuicTransport.WithPort(remote, ++_lastPort);
    }

    internal void Deliver(FakeQuicDial dial)
    {
        FakeQuicListener? listener;
        lock (_gate)
        {
            Arrivals++;
            _bound.TryGetValue(dial.Remote, out listener);
        }

        if (listener is null) throw new TransportException($"Nobody listens on {dial.Remote}.", dial.Remote);
        listener.Arrive(dial);
    }
}

/// <summary>
/// A probe of the contracts: what QUIC asks of them, without QUIC. Connections arrive before any handshake and with an unproven address, may be sent back to prove it
/// (Retry) or be refused for the price of a packet; the handshake proves both keys and happens when the listener takes the connection; streams carry reset codes and
/// each way is reset alone. Addresses are <c>/ip4/…/udp/…/quic-v1</c>, in a network of its own.
/// </summary>
/// <param name="network">Where the transports find each other.</param>
public sealed class FakeQuicTransport(FakeQuicNetwork network) : IMultiplexedTransport
{
    /// <inheritdoc/>
    public int DialRank(Multiaddr address) => IsQuic(address) && PortOf(address) != 0 ? 10 : 0;

    /// <inheritdoc/>
    public bool CanListen(Multiaddr address) => IsQuic(address);

    /// <inheritdoc/>
    public async ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.Progress?.Report("quic");
        var dial = new FakeQuicDial(network.EphemeralOf(remote), remote, context);
        network.Deliver(dial);
        await using var registration = cancellationToken.Register(dial.Abandon).ConfigureAwait(false);
        try
        {
            return await dial.Outcome.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(network.Bind(local, context.Backlog));
    }

    internal static int PortOf(Multiaddr address) => address.TryGetIPEndPoint(out var endPoint) ? endPoint.Port : -1;

    internal static Multiaddr WithPort(Multiaddr address, int port)
    {
        if (!address.TryGetIPEndPoint(out var endPoint)) throw new AddressException($"{address} is not an address of quic.", address);
        return Multiaddr.FromEndPoint(new(endPoint.Address, port), MultiaddrProtocol.Udp).Append(MultiaddrProtocol.QuicV1);
    }

    private static bool IsQuic(Multiaddr address)
    {
        var protocols = ImmutableArray.CreateBuilder<MultiaddrProtocol>();
        foreach (var component in address.Components) protocols.Add(component.Protocol);
        return protocols.Count == 3
            && (protocols[0] == MultiaddrProtocol.Ip4 || protocols[0] == MultiaddrProtocol.Ip6)
            && protocols[1] == MultiaddrProtocol.Udp
            && protocols[2] == MultiaddrProtocol.QuicV1;
    }
}
