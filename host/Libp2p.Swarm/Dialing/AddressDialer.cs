using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Dialing;

/// <summary>Dials one address, with tokens held: admission, transport, upgrade. Thread-safe.</summary>
internal sealed class AddressDialer(SwarmContext context, Upgrader upgrader)
{
    /// <summary>Whether an address is a name that no transport takes as it is.</summary>
    public bool MustResolve(Multiaddr address) => address.IsResolvable && !TransportChoice.TryForDial(context.Roles.Current, address, out _);

    /// <exception cref="Libp2pException">It failed, or took too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody needs it any more.</exception>
    public async Task<SwarmConnection> DialAsync(PeerDial dial, AddressDial attempt, CancellationToken giveUp)
    {
        var address = attempt.Address;
        context.Logger.Dialing(dial.Request.Target, address);
        var roles = context.Roles.Current;
        if (!TransportChoice.TryForDial(roles, address, out var transport) || !transport.Uses.TryEnter()) throw TransportChoice.None(roles, address, "dial");

        if (!context.Work.TryEnter())
        {
            transport.Uses.Exit();
            throw new ConnectionClosedException(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
        }

        ConnectionScope? scope = null;
        var handedOver = false;
        try
        {
            if (!context.Governor.TryAdmitConnection(ConnectionDirection.Outbound, address, out scope, out var denial)) throw new ResourceLimitException(denial);
            var parts = await ConnectAsync(transport, dial, attempt, scope, giveUp).ConfigureAwait(false);
            handedOver = true;
            var connection = await context.Connections.OpenAsync(parts, dial).ConfigureAwait(false);
            context.Peers.AddAddresses(connection.RemotePeer, [address], context.Options.ConnectedAddressLifetime);
            return connection;
        }
        catch (OperationCanceledException cause) when (giveUp.IsCancellationRequested && attempt.IsWanted)
        {
            var option = AddressRules.IsNear(address) ? nameof(DialOptions.PrivateAddressTimeout) : nameof(DialOptions.AddressTimeout);
            var within = $"{DialFailure.Seconds(dial.LimitOf(address))} ({DialOptions.Name(option)})";
            throw cause is UpgradeAbandonedException upgrade ? upgrade.TimedOut(within) : new TransportException($"no answer within {within}.", address, cause);
        }
        catch (Exception cause) when (cause is not (Libp2pException or OperationCanceledException))
        {
            throw new TransportException(cause.Message, address, cause);
        }
        finally
        {
            if (!handedOver)
            {
                scope?.Dispose();
                transport.Uses.Exit();
            }

            context.Work.Exit();
        }
    }

    /// <summary>Whether an error shows that somebody was there.</summary>
    public static bool Reached(Exception error) =>
        error is Libp2pException { Layer: ConnectionLayer.Negotiation or ConnectionLayer.Security or ConnectionLayer.Muxer }
        || error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private async Task<ConnectionParts> ConnectAsync(Registration transport, PeerDial dial, AddressDial attempt, ConnectionScope scope, CancellationToken cancellationToken)
    {
        var manner = dial.Request.Manner;
        switch (transport.Role)
        {
            case IByteTransport bytes:
                try
                {
                    return await ConnectBytesAsync(bytes, manner.PortUse).ConfigureAwait(false);
                }
                catch (RoleConflictException) when (manner is { PortUse: PortUse.Reuse, Role: ConnectionRole.Dialer })
                {
                    // From another port each of the two reaches the other's listener.
                    return await ConnectBytesAsync(bytes, PortUse.Fresh).ConfigureAwait(false);
                }

            case IMultiplexedTransport whole:
                PrivateOnly.Check(context, transport, attempt.Address);
                var secure = await whole.DialAsync(attempt.Address, ContextOf(manner.PortUse), cancellationToken).ConfigureAwait(false);
                attempt.Report(AddressDial.TransportStep);
                if (Check(secure) is { } refusal)
                {
                    secure.Abort(ConnectionErrorCode.None);
                    await secure.DisposeAsync().ConfigureAwait(false);
                    throw refusal;
                }

                return new ConnectionParts(secure, ConnectionDirection.Outbound, null, null, scope, [transport]);
            default:
                throw new TransportException($"{transport.Name} is neither a byte transport nor a multiplexed one.", attempt.Address);
        }

        async Task<ConnectionParts> ConnectBytesAsync(IByteTransport bytes, PortUse ports)
        {
            var address = attempt.Address;
            var wire = await bytes.DialAsync(address, ContextOf(ports), cancellationToken).ConfigureAwait(false);
            attempt.Report(AddressDial.TransportStep);
            var local = (wire.GetFeature(typeof(ConnectionEndpoints)) as ConnectionEndpoints)?.Local ?? address;
            var upgrade = upgrader.MakeContext(ConnectionDirection.Outbound, manner.Role, attempt.Target.Peer, scope, attempt);
            var upgraded = await upgrader.UpgradeAsync(wire, upgrade, new ConnectionEndpoints(local, address), cancellationToken).ConfigureAwait(false);
            return new ConnectionParts(upgraded.Secure, ConnectionDirection.Outbound, upgraded.Security, upgraded.Muxer, scope, [transport, .. upgraded.Uses]);
        }

        DialContext ContextOf(PortUse ports) => new()
        {
            Runtime = context.Runtime,
            Identity = context.Identity,
            Expected = attempt.Target.Peer,
            Role = manner.Role,
            PortUse = ports,
            Scope = scope,
            Progress = attempt,
        };

        Libp2pException? Check(ISecureConnection secure) =>
            attempt.Target.Peer is { } expected && expected != secure.RemotePeer ? new PeerIdMismatchException(expected, secure.RemotePeer)
            : secure.RemotePeer == context.Identity.PeerId ? new SecureChannelException("The remote is this node itself: it has our own key.")
            : context.Gates.Refuse(GatePoint.Secured, ConnectionDirection.Outbound, secure.RemotePeer, secure.Local, secure.Remote);
    }
}
