using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm.Dialing;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Listening;

/// <summary>The addresses that a node listens on, and those it would if a transport were there. Thread-safe.</summary>
internal sealed class ListenerSet(SwarmContext context, Upgrader upgrader)
{
    private readonly ScheduledSemaphore _binding = new(1, context.Runtime.Scheduler);
    private readonly Lock _gate = new();
    private ImmutableArray<BoundListener> _listeners = []; // guarded by _gate
    private ImmutableArray<Multiaddr> _announced = []; // guarded by _gate
    private bool _started; // guarded by _binding
    private bool _stopped; // guarded by _binding

    /// <summary>The addresses bound, wildcards expanded, without <c>/p2p</c>.</summary>
    public ImmutableArray<Multiaddr> Addresses
    {
        get
        {
            lock (_gate) return _announced;
        }
    }

    /// <summary>Whether an address is one of ours.</summary>
    public bool Owns(Multiaddr address) => Addresses.Contains(address);

    /// <summary>Binds everything in the options.</summary>
    /// <exception cref="TransportException">None could be bound, or not all where all are required.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _binding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Exception? failure = null;
            foreach (var address in context.Options.ListenAddresses)
            {
                failure = await TryBindAsync(address, cancellationToken).ConfigureAwait(false) ?? failure;
                if (failure is not null && (context.Options.RequireAllListenAddresses || cancellationToken.IsCancellationRequested)) break;
            }

            bool nothing;
            lock (_gate) nothing = _listeners.IsEmpty;
            if (failure is null || (!nothing && !context.Options.RequireAllListenAddresses && !cancellationToken.IsCancellationRequested))
            {
                _started = true;
                return;
            }

            await UnbindAsync(static _ => true).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw failure as TransportException ?? new TransportException($"Could not listen: {failure.Message}", (failure as AddressException)?.Address, failure);
        }
        finally
        {
            _binding.Release();
        }
    }

    /// <summary>A transport came: binds what it can listen on and nobody does yet.</summary>
    public async Task TransportAddedAsync()
    {
        await _binding.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_started || _stopped) return;
            foreach (var address in context.Options.ListenAddresses)
            {
                bool bound;
                lock (_gate) bound = _listeners.Any(listener => listener.Requested == address);
                if (!bound && TransportChoice.TryForListen(context.Roles.Current, address, out _)) await TryBindAsync(address, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _binding.Release();
        }
    }

    /// <summary>A transport leaves: unbinds what it listens on.</summary>
    public async Task TransportRemovedAsync(Registration transport)
    {
        await _binding.WaitAsync().ConfigureAwait(false);
        try
        {
            await UnbindAsync(listener => listener.Transport == transport).ConfigureAwait(false);
        }
        finally
        {
            _binding.Release();
        }
    }

    /// <summary>Unbinds everything, for good.</summary>
    public async Task StopAsync()
    {
        await _binding.WaitAsync().ConfigureAwait(false);
        try
        {
            _stopped = true;
            await UnbindAsync(static _ => true).ConfigureAwait(false);
        }
        finally
        {
            _binding.Release();
        }
    }

    private async Task<Exception?> TryBindAsync(Multiaddr address, CancellationToken cancellationToken)
    {
        Exception failure;
        try
        {
            if (!AddressRules.TrySplit(address, out var bare, out var peer) || (peer is not null && peer != context.Identity.PeerId))
            {
                throw new AddressException($"{address} is not an address to listen on: it names another peer, or nothing else.", address);
            }

            if (!TransportChoice.TryForListen(context.Roles.Current, bare, out var transport)) throw TransportChoice.None(context.Roles.Current, bare, "listen on");
            var listener = await BoundListener.BindAsync(context, upgrader, transport, address, bare, Refresh, listener => _ = FailedAsync(listener), cancellationToken).ConfigureAwait(false);
            lock (_gate) _listeners = _listeners.Add(listener);
            listener.Start();
            Refresh();
            foreach (var bound in listener.Addresses)
            {
                context.Logger.Listening(bound);
            }

            return null;
        }
        catch (Libp2pException cause)
        {
            failure = cause;
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            failure = new TransportException(cause.Message, address, cause);
        }

        context.Logger.ListenFailed(address, failure.Message);
        return failure;
    }

    /// <summary>An accept loop broke: what nobody accepts on is no address of ours any more.</summary>
    private async Task FailedAsync(BoundListener listener)
    {
        // Not from within the loop that its disposal waits for.
        await context.Runtime.Scheduler.Yield();
        await _binding.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_stopped) await UnbindAsync(bound => bound == listener).ConfigureAwait(false);
        }
        finally
        {
            _binding.Release();
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Listeners are disposed here.")]
    private async Task UnbindAsync(Func<BoundListener, bool> which)
    {
        ImmutableArray<BoundListener> leaving;
        lock (_gate)
        {
            leaving = [.. _listeners.Where(which)];
            _listeners = [.. _listeners.Where(listener => !which(listener))];
        }

        foreach (var listener in leaving)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        if (!leaving.IsEmpty) Refresh();
    }

    /// <summary>The bound addresses or the machine's own changed: expands them again, and tells.</summary>
    public void Refresh()
    {
        ImmutableArray<Multiaddr> now;
        lock (_gate)
        {
            var bound = _listeners.SelectMany(static listener => listener.Addresses).ToArray();
            ImmutableArray<IPAddress> local = bound.Any(static address => address.IsUnspecified) ? context.Runtime.Network.GetLocalAddresses() : [];
            now = [.. bound.SelectMany(address => AddressRules.Expand(address.WithoutPeerId() ?? address, local)).Distinct()];
            if (now.SequenceEqual(_announced)) return;
            _announced = now;
        }

        context.Events.Publish(new ListenAddressesChanged(now));
    }
}
