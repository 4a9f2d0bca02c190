namespace Libp2p.Protocols.Identify;

/// <content>Telling others.</content>
internal sealed partial class IdentifyService
{
    private readonly ChangeWatch _changes;

    /// <summary>Begins to watch for changes; from then on they are pushed.</summary>
    public void Watch()
    {
        if (_options.PushOnChange)
        {
            _changes.Start();
        }
    }

    public async ValueTask PushAsync(CancellationToken cancellationToken = default)
    {
        var targets = new Dictionary<PeerId, IConnection>();
        foreach (var (connection, state) in _states.OrderBy(static one => one.Key.Id))
        {
            if (!connection.Completion.IsCompleted && state.Latest is { } told && told.Protocols.Contains(IdentifyPushHandler.ProtocolId))
            {
                targets.TryAdd(connection.RemotePeer, connection);
            }
        }

        var places = new ScheduledSemaphore(_options.MaxParallelPushes, _runtime.Scheduler);
        var pushes = new List<Task<bool>>(targets.Count);
        foreach (var connection in targets.Values)
        {
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            pushes.Add(PushAsync(connection, places, cancellationToken));
        }

        var outcomes = await Task.WhenAll(pushes).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        IdentifyLog.Pushed(_logger, outcomes.Count(static told => told));
    }

    private async Task<bool> PushAsync(IConnection connection, ScheduledSemaphore places, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token, late.Token);
        try
        {
            await using var stream = await connection.OpenStreamAsync([IdentifyPushHandler.ProtocolId], _open, either.Token).ConfigureAwait(false);
            try
            {
                await IdentifyExchange.SendAsync(stream, _self.Describe(connection.Remote), either.Token).ConfigureAwait(false);
            }
            catch
            {
                stream.Abort(StreamSide.Both, StreamErrorCode.None);
                throw;
            }

            IdentifyMetrics.PushesSent.Add(1);
            return true;
        }
        catch (Exception e) when (e is Libp2pException or OperationCanceledException)
        {
            IdentifyLog.NotPushed(_logger, connection.RemotePeer, e);
            return false;
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Follows the node's events; changes that come close together make one push. One reader, one timer.</summary>
    private sealed class ChangeWatch(IdentifyService service) : IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private ITimer? _timer; // guard, with the two below: _gate
        private bool _armed;
        private bool _stopped;

        public void Start() => _ = FollowAsync();

        public ValueTask DisposeAsync()
        {
            lock (_gate)
            {
                _stopped = true;
                return _timer?.DisposeAsync() ?? default;
            }
        }

        private async Task FollowAsync()
        {
            try
            {
                await foreach (var happened in service._node.Events(service._stopping.Token).ConfigureAwait(false))
                {
                    // A dropped event may have been a change.
                    if (happened is ProtocolsChanged or ListenAddressesChanged or ExternalAddressesChanged or EventsDropped)
                    {
                        Arm();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The node stops.
            }
        }

        private void Arm()
        {
            lock (_gate)
            {
                if (_armed || _stopped)
                {
                    return;
                }

                _armed = true;
                _timer ??= service._runtime.Time.CreateTimer(static watch => ((ChangeWatch)watch!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(service._options.PushDelay, Timeout.InfiniteTimeSpan);
            }
        }

        private void Fire()
        {
            lock (_gate)
            {
                _armed = false;
            }

            _ = PushAsync();
        }

        private async Task PushAsync()
        {
            try
            {
                await service.PushAsync(service._stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The node stops.
            }
        }
    }
}
