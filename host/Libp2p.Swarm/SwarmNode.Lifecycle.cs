using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm;

public sealed partial class SwarmNode
{
    // After this long, what does not end in the ordinary way is aborted: a remote that reads nothing must not hold up the stop.
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    // Time for a hundred thousand peers on a slow disk; one that hangs must not hold up the stop for ever.
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lifecycle = new();
    private bool _started; // guarded by _lifecycle
    private Task? _stop; // guarded by _lifecycle

    /// <inheritdoc/>
    public async ValueTask StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_lifecycle)
        {
            ObjectDisposedException.ThrowIf(_stop is not null, this);
            if (_started) throw new InvalidOperationException("The node has been started already.");
            _started = true;
        }

        try
        {
            if (Find<IDatastore>() is { } store) await _context.Peers.AttachAsync(store, _context.Logger, cancellationToken).ConfigureAwait(false);
            await _listeners.StartAsync(cancellationToken).ConfigureAwait(false);
            _network.Start();
        }
        catch
        {
            // Nothing is bound: it may be started again.
            lock (_lifecycle) _started = false;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        Task stop;
        lock (_lifecycle) stop = _stop ??= RunStopAsync(cancellationToken);
        await SharedTask.JoinAsync(stop, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Stops, with a drain.</summary>
    public ValueTask DisposeAsync() => StopAsync();

    /// <summary>Unbind, drain, abort, dispose, in that order.</summary>
    private async Task RunStopAsync(CancellationToken skipDrain)
    {
        // Off the caller's lock.
        await _context.Runtime.Scheduler.Yield();

        _context.Logger.Stopping("unbind");
        _dialer.Close();
        _network.Dispose();
        _context.Stop();
        await _listeners.StopAsync().ConfigureAwait(false);

        _context.Logger.Stopping("drain");
        var handlers = _context.Handlers.CloseAsync();
        await WaitAsync(handlers, _context.Options.DrainTimeout, skipDrain).ConfigureAwait(false);

        _context.Logger.Stopping("abort");
        await CloseAllAsync(_context.Connections.Close()).ConfigureAwait(false);
        await WaitAsync(Task.WhenAll(handlers, _context.Work.CloseAsync()), ClosePatience, CancellationToken.None).ConfigureAwait(false);

        _context.Logger.Stopping("dispose");
        await WaitAsync(_context.Peers.DetachAsync().AsTask(), FlushPatience, CancellationToken.None).ConfigureAwait(false);
        _context.Dispose();
    }

    private async Task CloseAllAsync(IReadOnlyCollection<SwarmConnection> connections)
    {
        var closing = Task.WhenAll(connections.Select(static connection => connection.CloseAsync().AsTask()));
        if (await WaitAsync(closing, ClosePatience, CancellationToken.None).ConfigureAwait(false)) return;
        foreach (var connection in connections)
        {
            connection.Abort(ConnectionErrorCode.None);
        }

        await WaitAsync(closing, ClosePatience, CancellationToken.None).ConfigureAwait(false);
    }

    private void OnRoleAdded(Registration role)
    {
        if (typeof(ITransport).IsAssignableFrom(role.ExportedAs)) _ = _listeners.TransportAddedAsync();
        if (role.Role is IDatastore store && typeof(IDatastore).IsAssignableFrom(role.ExportedAs)) _ = AttachLaterAsync(store);
    }

    /// <summary>A datastore came to a node that runs; one that is there before the start is taken by that.</summary>
    private async Task AttachLaterAsync(IDatastore store)
    {
        lock (_lifecycle)
        {
            if (!_started || _stop is not null) return;
        }

        await _context.Peers.AttachAsync(store, _context.Logger).ConfigureAwait(false);
    }

    /// <summary>A role was removed: nobody new finds it; who uses it may finish, but not for ever.</summary>
    private async Task DrainRoleAsync(Registration role)
    {
        var idle = role.Uses.CloseAsync();
        if (role.Role is IDatastore store) await _context.Peers.DetachAsync(store).ConfigureAwait(false);
        lock (_lifecycle)
        {
            // The stop closes everything anyway, and in its own order.
            if (_stop is not null) return;
        }

        if (role.Role is ITransport) await _listeners.TransportRemovedAsync(role).ConfigureAwait(false);
        if (idle.IsCompleted) return;

        using var patience = new CancellationTokenSource(_context.Options.DrainTimeout, _context.Runtime.Time);
        var users = _context.Connections.Snapshot().Where(connection => connection.UsesRole(role)).ToArray();
        var draining = Task.WhenAll(users.Select(connection => connection.DrainAsync(patience.Token)));
        if (await WaitAsync(Task.WhenAll(draining, idle), _context.Options.DrainTimeout, CancellationToken.None).ConfigureAwait(false)) return;

        _context.Logger.DrainTimedOut(role.Name, _context.Options.DrainTimeout);
        foreach (var connection in _context.Connections.Snapshot())
        {
            if (connection.UsesRole(role)) connection.Abort(ConnectionErrorCode.None);
            else connection.AbortStreamsOf(role);
        }

        await WaitAsync(idle, ClosePatience, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Whether a task ended in time, by the node's own clock.</summary>
    private async Task<bool> WaitAsync(Task task, TimeSpan patience, CancellationToken giveUp)
    {
        if (task.IsCompleted) return true;
        if (patience <= TimeSpan.Zero || giveUp.IsCancellationRequested) return false;
        try
        {
            await task.WaitAsync(patience, _context.Runtime.Time, giveUp).ConfigureAwait(false);
            return true;
        }
        catch (Exception cause) when (cause is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private void ThrowIfStopped()
    {
        lock (_lifecycle) ObjectDisposedException.ThrowIf(_stop is not null, this);
    }
}
