using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Listening;

/// <summary>Makes connections of what one listener accepts: so many at a time, the excess refused.</summary>
internal abstract class IncomingUpgrade<T>(SwarmContext context, Upgrader upgrader, Registration transport) where T : IAsyncDisposable
{
    private readonly PendingUpgrades _pending = new(context.Options.MaxPendingUpgrades, context.Stopping);

    protected SwarmContext Context => context;

    protected Upgrader Upgrader => upgrader;

    protected Registration Transport => transport;

    /// <summary>Upgrades, or refuses; returns at once.</summary>
    public void Take(IIncoming<T> incoming)
    {
        Libp2pException refusal;
        if (context.Gates.Refuse(GatePoint.Accept, ConnectionDirection.Inbound, null, incoming.Local, incoming.Remote) is { } gated)
        {
            refusal = gated;
        }
        else if (!context.Governor.TryAdmitConnection(ConnectionDirection.Inbound, incoming.Remote, out var scope, out var denial))
        {
            refusal = new ResourceLimitException(denial);
        }
        else if (!context.Work.TryEnter())
        {
            scope.Dispose();
            refusal = new TransportException("The node is stopping.");
        }
        else if (!transport.Uses.TryEnter())
        {
            context.Work.Exit();
            scope.Dispose();
            refusal = new TransportException($"{transport.Name} is being removed.");
        }
        else if (_pending.Enter(Crowded) is { } pending)
        {
            _ = RunAsync(incoming, scope, pending);
            return;
        }
        else
        {
            transport.Uses.Exit();
            context.Work.Exit();
            scope.Dispose();
            refusal = new ResourceLimitException(context.Governor.Refusals.Add(Crowded));
        }

        Failed(incoming.Remote, refusal);
        _ = RefuseAsync(incoming);
    }

    /// <summary>Runs the handshakes that this kind of transport leaves to the swarm. On failure what was accepted is closed.</summary>
    protected abstract ValueTask<ConnectionParts> CompleteAsync(IIncoming<T> incoming, ConnectionScope scope, PendingUpgrade pending);

    private ResourceDenial Crowded => new("listener", 1, context.Options.MaxPendingUpgrades, context.Options.MaxPendingUpgrades, nameof(SwarmOptions.MaxPendingUpgrades), "pending upgrades")
    {
        Direction = ConnectionDirection.Inbound,
    };

    private async Task RunAsync(IIncoming<T> incoming, ConnectionScope scope, PendingUpgrade pending)
    {
        var remote = incoming.Remote;
        var handedOver = false;
        try
        {
            ConnectionParts parts;
            try
            {
                parts = await CompleteAsync(incoming, scope, pending).ConfigureAwait(false);
            }
            finally
            {
                _pending.Leave(pending);
            }

            handedOver = true;
            await context.Connections.OpenAsync(parts).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            Failed(remote, pending.Displaced is { } denial ? new ResourceLimitException(context.Governor.Refusals.Add(denial)) : cause);
        }
        finally
        {
            if (!handedOver)
            {
                scope.Dispose();
                transport.Uses.Exit();
            }

            await DisposeAsync(incoming).ConfigureAwait(false);
            context.Work.Exit();
        }
    }

    private async Task RefuseAsync(IIncoming<T> incoming)
    {
        try
        {
            incoming.Refuse();
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            context.Logger.DisposeFailed(cause, "a refused connection");
        }

        await DisposeAsync(incoming).ConfigureAwait(false);
    }

    private async Task DisposeAsync(IIncoming<T> incoming)
    {
        try
        {
            await incoming.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            context.Logger.DisposeFailed(cause, "an incoming connection");
        }
    }

    private void Failed(Multiaddr remote, Exception cause)
    {
        SwarmMetrics.IncomingFailed.Add(1, SwarmMetrics.Reason(cause switch
        {
            ResourceLimitException => "refused",
            ConnectionGatedException => "gated",
            _ => "failed",
        }));
        context.Logger.IncomingFailed(cause, remote);
        context.Events.Publish(new IncomingFailed(remote, cause));
    }
}

/// <summary>Bare bytes: the upgrader does it all.</summary>
internal sealed class ByteIncoming(SwarmContext context, Upgrader upgrader, Registration transport) : IncomingUpgrade<IByteConnection>(context, upgrader, transport)
{
    protected override async ValueTask<ConnectionParts> CompleteAsync(IIncoming<IByteConnection> incoming, ConnectionScope scope, PendingUpgrade pending)
    {
        var upgrade = Upgrader.MakeContext(ConnectionDirection.Inbound, ConnectionRole.Listener, null, scope, null);
        var endpoints = new ConnectionEndpoints(incoming.Local, incoming.Remote);
        var wire = await incoming.CompleteAsync(upgrade, pending.GivenUp).ConfigureAwait(false);
        pending.Wire = wire;
        var upgraded = await Upgrader.UpgradeAsync(wire, upgrade, endpoints, pending.GivenUp).ConfigureAwait(false);
        return new ConnectionParts(upgraded.Secure, ConnectionDirection.Inbound, upgraded.Security, upgraded.Muxer, scope, [Transport, .. upgraded.Uses]);
    }
}

/// <summary>A transport that secures and muxes by itself: its own handshake, under the same deadline.</summary>
internal sealed class SecureIncoming(SwarmContext context, Upgrader upgrader, Registration transport) : IncomingUpgrade<ISecureConnection>(context, upgrader, transport)
{
    protected override async ValueTask<ConnectionParts> CompleteAsync(IIncoming<ISecureConnection> incoming, ConnectionScope scope, PendingUpgrade pending)
    {
        var upgrade = Upgrader.MakeContext(ConnectionDirection.Inbound, ConnectionRole.Listener, null, scope, null);
        using var deadline = new CancellationTokenSource(Context.Options.UpgradeTimeout, Context.Runtime.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, pending.GivenUp);
        try
        {
            // The key may have come after the address was bound.
            PrivateOnly.Check(Context, Transport, incoming.Remote);
            var secure = await incoming.CompleteAsync(upgrade, giveUp.Token).ConfigureAwait(false);
            if (Context.Gates.Refuse(GatePoint.Secured, ConnectionDirection.Inbound, secure.RemotePeer, secure.Local, secure.Remote) is { } gated)
            {
                secure.Abort(ConnectionErrorCode.None);
                await secure.DisposeAsync().ConfigureAwait(false);
                throw gated;
            }

            return new ConnectionParts(secure, ConnectionDirection.Inbound, null, null, scope, [Transport]);
        }
        catch (OperationCanceledException cause) when (deadline.IsCancellationRequested)
        {
            throw new SecureChannelException($"The handshake took longer than UpgradeTimeout ({Context.Options.UpgradeTimeout.TotalSeconds:0.###} s).", cause);
        }
    }
}
