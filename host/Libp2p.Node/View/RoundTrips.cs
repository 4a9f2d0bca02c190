using System.Collections.Concurrent;

namespace Libp2p.Node.View;

/// <summary>
/// Measures round trips for the view: pings the oldest connections that speak ping, each over one stream, at an interval. A connection whose ping fails is left alone for
/// a while. Relayed connections are not pinged: their bytes are others' to give. Thread-safe.
/// </summary>
internal sealed class RoundTrips(INode node, TimeSpan interval, TimeProvider time)
{
    /// <summary>How many connections are measured at a time.</summary>
    public const int MaxConnections = 16;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly ProtocolId Ping = new("/ipfs/ping/1.0.0");

    private readonly ConcurrentDictionary<long, TimeSpan> _last = [];

    /// <summary>The last round trip of a connection; null: there is none.</summary>
    public TimeSpan? Of(long connection) => _last.TryGetValue(connection, out var last) ? last : null;

    /// <summary>Measures until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (node.Find<IPingService>() is not { } ping) return;
        var followed = new Dictionary<long, Task>();
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                foreach (var (id, following) in followed)
                {
                    if (following.IsCompleted) followed.Remove(id);
                }

                foreach (var connection in node.Connections.Where(c => !followed.ContainsKey(c.Id) && Speaks(c)).OrderBy(c => c.Id).Take(MaxConnections - followed.Count))
                {
                    followed.Add(connection.Id, FollowAsync(ping, connection, cancellationToken));
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(followed.Values).ConfigureAwait(false);
    }

    private bool Speaks(IConnection connection) =>
        connection.Limits is null && node.Peers.TryGet(connection.RemotePeer, out var info) && info.Protocols.Contains(Ping);

    private async Task FollowAsync(IPingService ping, IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var roundTrip in ping.PingAsync(connection, cancellationToken).ConfigureAwait(false))
            {
                _last[connection.Id] = roundTrip;
                await WaitAsync(interval, connection, cancellationToken).ConfigureAwait(false);
                if (connection.Completion.IsCompleted) return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The remote's doing, or the plugin's; neither is the view's to judge.
            _last.TryRemove(connection.Id, out _);
            await WaitAsync(AfterFailure, connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _last.TryRemove(connection.Id, out _);
        }
    }

    /// <summary>Waits so long, or until the connection ends or the token says so.</summary>
    private async Task WaitAsync(TimeSpan span, IConnection connection, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(span, time, either.Token), connection.Completion).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
    }
}
