namespace Libp2p.Peers;

/// <summary>
/// The streams of a protocol that each peer may have open here. Thread-safe. Where a peer opens one after the other, the end of one may be noticed here after the beginning of the next: a stream
/// too many therefore waits for a place, for the grace, and as many as there are places may wait.
/// </summary>
internal sealed class PeerPlaces(NodeRuntime runtime, int perPeer, TimeSpan grace)
{
    private readonly Dictionary<PeerId, Places> _peers = []; // guard: itself

    /// <summary>True with a place, which the caller gives back by <see cref="Leave"/>; false where there is none within the grace.</summary>
    public async ValueTask<bool> EnterAsync(PeerId peer, CancellationToken cancellationToken)
    {
        LinkedListNode<ScheduledCompletion<bool>> waiting;
        lock (_peers)
        {
            if (!_peers.TryGetValue(peer, out var places))
            {
                _peers.Add(peer, places = new Places());
            }

            if (places.Taken < perPeer)
            {
                places.Taken++;
                return true;
            }

            if (places.Waiting.Count >= perPeer || grace == TimeSpan.Zero)
            {
                return false;
            }

            waiting = places.Waiting.AddLast(new ScheduledCompletion<bool>(runtime.Scheduler));
        }

        await using var timer = runtime.Time.CreateTimer(_ => GiveUp(waiting), null, grace, Timeout.InfiniteTimeSpan);
        await using var abandoned = cancellationToken.UnsafeRegister(_ => GiveUp(waiting), null);
        return await waiting.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Gives a place back, to the one who has waited longest.</summary>
    public void Leave(PeerId peer)
    {
        lock (_peers)
        {
            var places = _peers[peer];
            if (places.Waiting.First is { } next)
            {
                places.Waiting.Remove(next);
                next.Value.TrySetResult(true);
            }
            else if (--places.Taken == 0)
            {
                _peers.Remove(peer);
            }
        }
    }

    private void GiveUp(LinkedListNode<ScheduledCompletion<bool>> waiting)
    {
        lock (_peers)
        {
            if (waiting.List is { } list)
            {
                list.Remove(waiting);
                waiting.Value.TrySetResult(false);
            }
        }
    }

    private sealed class Places
    {
        public int Taken { get; set; }

        public LinkedList<ScheduledCompletion<bool>> Waiting { get; } = [];
    }
}
