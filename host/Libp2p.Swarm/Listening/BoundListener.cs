using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Listening;

/// <summary>One bound address and its accept loop.</summary>
internal abstract class BoundListener(Registration transport, Multiaddr requested) : IAsyncDisposable
{
    /// <summary>Who listens.</summary>
    public Registration Transport => transport;

    /// <summary>The address as the options have it.</summary>
    public Multiaddr Requested => requested;

    /// <summary>The addresses bound.</summary>
    public abstract ImmutableArray<Multiaddr> Addresses { get; }

    /// <summary>Begins to accept.</summary>
    public abstract void Start();

    /// <summary>Unbinds, and waits for the accept loop to end; upgrades that began go on.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Binds an address with a transport of either kind.</summary>
    public static async Task<BoundListener> BindAsync(
        SwarmContext context, Upgrader upgrader, Registration transport, Multiaddr requested, Multiaddr bare, Action changed, Action<BoundListener> failed, CancellationToken cancellationToken)
    {
        if (!transport.Uses.TryEnter()) throw new TransportException($"{transport.Name} is being removed.", requested);
        try
        {
            var how = new ListenContext { Runtime = context.Runtime, Identity = context.Identity, Backlog = context.Options.ListenBacklog };
            switch (transport.Role)
            {
                case IByteTransport bytes:
                    var wires = await bytes.ListenAsync(bare, how, cancellationToken).ConfigureAwait(false);
                    return new BoundListener<IByteConnection>(context, transport, requested, wires, changed, failed, new ByteIncoming(context, upgrader, transport));
                case IMultiplexedTransport whole:
                    PrivateOnly.Check(context, transport, requested);
                    var connections = await whole.ListenAsync(bare, how, cancellationToken).ConfigureAwait(false);
                    return new BoundListener<ISecureConnection>(context, transport, requested, connections, changed, failed, new SecureIncoming(context, upgrader, transport));
                default:
                    throw new TransportException($"{transport.Name} is neither a byte transport nor a multiplexed one.", requested);
            }
        }
        catch
        {
            transport.Uses.Exit();
            throw;
        }
    }
}

/// <inheritdoc/>
internal sealed class BoundListener<T> : BoundListener where T : IAsyncDisposable
{
    private readonly SwarmContext _context;
    private readonly IListener<T> _listener;
    private readonly IncomingUpgrade<T> _upgrade;
    private readonly Action _changed;
    private readonly Action<BoundListener> _failed;
    private Task _loop = Task.CompletedTask;
    private int _disposed;

    public BoundListener(SwarmContext context, Registration transport, Multiaddr requested, IListener<T> listener, Action changed, Action<BoundListener> failed, IncomingUpgrade<T> upgrade)
        : base(transport, requested)
    {
        _context = context;
        _listener = listener;
        _upgrade = upgrade;
        _changed = changed;
        _failed = failed;
        listener.AddressesChanged += changed;
    }

    public override ImmutableArray<Multiaddr> Addresses => _listener.Addresses;

    public override void Start()
    {
        using (Flow.Suppress())
        {
            _loop = AcceptAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _listener.AddressesChanged -= _changed;
        try
        {
            await _listener.UnbindAsync().ConfigureAwait(false);
            await _loop.ConfigureAwait(false);
            await _listener.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            _context.Logger.DisposeFailed(cause, $"the listener of {Requested}");
        }
        finally
        {
            Transport.Uses.Exit();
        }
    }

    /// <summary>Takes whatever comes, at once: who is over a limit is refused, never waited for.</summary>
    private async Task AcceptAsync()
    {
        try
        {
            while (await _listener.AcceptAsync().ConfigureAwait(false) is { } incoming)
            {
                _upgrade.Take(incoming);
            }
        }
        catch (Exception cause)
        {
            if (Volatile.Read(ref _disposed) != 0) return;
            _context.Logger.ListenerFailed(cause, Requested);
            _failed(this);
        }
    }
}
