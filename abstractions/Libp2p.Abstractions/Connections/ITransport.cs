using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What can reach and serve addresses. A transport is also an <see cref="IByteTransport"/> or an <see cref="IMultiplexedTransport"/>.</summary>
public interface ITransport
{
    /// <summary>How well this transport fits an address: 0 is not at all; the highest among the transports dials it.</summary>
    int DialRank(Multiaddr address);

    /// <summary>Whether this transport can listen on an address.</summary>
    bool CanListen(Multiaddr address);
}

/// <summary>A transport of bare byte streams, which the upgrader secures and muxes.</summary>
public interface IByteTransport : ITransport
{
    /// <summary>Connects to an address, without a trailing <c>/p2p</c>.</summary>
    /// <exception cref="TransportException">Refused, unreachable, or timed out.</exception>
    ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default);

    /// <summary>Binds an address. Port 0 is filled in; a wildcard host stays in the bound address and is expanded by whoever announces it.</summary>
    /// <exception cref="TransportException">The address is taken or not of this machine.</exception>
    ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default);
}

/// <summary>A transport that secures and muxes by itself (quic, webrtc, webtransport).</summary>
public interface IMultiplexedTransport : ITransport
{
    /// <inheritdoc cref="IByteTransport.DialAsync"/>
    ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IByteTransport.ListenAsync"/>
    ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default);
}

/// <summary>A bound address that accepts connections. Its addresses may change while it lives (relay reservations, certificate hashes).</summary>
/// <typeparam name="T">What it accepts.</typeparam>
public interface IListener<T> : IAsyncDisposable
{
    /// <summary>The addresses bound, with ports filled in.</summary>
    ImmutableArray<Multiaddr> Addresses { get; }

    /// <summary>Raised when <see cref="Addresses"/> changed.</summary>
    event Action? AddressesChanged;

    /// <summary>The next incoming connection, before any handshake; null once unbound. One caller at a time.</summary>
    ValueTask<IIncoming<T>?> AcceptAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops accepting; connections accepted live on.</summary>
    ValueTask UnbindAsync(CancellationToken cancellationToken = default);
}

/// <summary>A connection that arrived, before any handshake: gate it, make it prove its address, or refuse it for the price of a packet. Disposing an uncompleted one refuses it.</summary>
/// <typeparam name="T">What it becomes.</typeparam>
public interface IIncoming<T> : IAsyncDisposable
{
    /// <summary>This end's address.</summary>
    Multiaddr Local { get; }

    /// <summary>The other end's address.</summary>
    Multiaddr Remote { get; }

    /// <summary>Whether the remote has shown that it receives at its address (always for TCP).</summary>
    bool AddressValidated { get; }

    /// <summary>Takes the connection; a multiplexed transport does its handshake here.</summary>
    ValueTask<T> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default);

    /// <summary>Asks the remote to prove its address first (QUIC Retry); false where there is no such thing.</summary>
    bool TryRetry();

    /// <summary>Turns it away.</summary>
    void Refuse();
}

/// <summary>Addresses that a byte connection of a byte transport knows: a feature.</summary>
/// <param name="Local">This end.</param>
/// <param name="Remote">The other end.</param>
public sealed record ConnectionEndpoints(Multiaddr Local, Multiaddr Remote);
