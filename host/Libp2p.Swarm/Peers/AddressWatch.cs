using System.IO.Pipelines;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>
/// Somebody who is told of a peer's addresses, each once. Thread-safe. Bounded: what comes while so many wait that the reader does not take, or after so many were told, is not told.
/// </summary>
internal sealed class AddressWatch(PipeScheduler scheduler)
{
    private const int MostWaiting = 128;
    private const int MostTold = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<Multiaddr> _told = []; // guarded by _gate
    private readonly Queue<Multiaddr> _waiting = new(); // guarded by _gate
    private ScheduledCompletion<bool>? _arrival; // guarded by _gate

    public void Offer(Multiaddr address)
    {
        ScheduledCompletion<bool>? arrival;
        lock (_gate)
        {
            if (_waiting.Count == MostWaiting || _told.Count == MostTold || !_told.Add(address)) return;
            _waiting.Enqueue(address);
            (arrival, _arrival) = (_arrival, null);
        }

        arrival?.TrySetResult(true);
    }

    /// <summary>The next one. One caller at a time.</summary>
    public async ValueTask<Multiaddr> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ScheduledCompletion<bool> arrival;
            lock (_gate)
            {
                if (_waiting.TryDequeue(out var next)) return next;
                arrival = _arrival ??= new ScheduledCompletion<bool>(scheduler);
            }

            using (cancellationToken.UnsafeRegister(static (state, token) => ((ScheduledCompletion<bool>)state!).TrySetCanceled(token), arrival))
            {
                await arrival.Task.ConfigureAwait(false);
            }
        }
    }
}
