using System.Collections.Immutable;
using System.IO.Pipelines;

namespace Libp2p.Swarm.Events;

/// <summary>
/// Hands every event to every subscriber, in one order. Each has a bounded queue; what does not fit is dropped, counted, and told in its place:
/// before the next event that fits, or once the queue is empty. Thread-safe.
/// </summary>
internal sealed class EventHub(int capacity, PipeScheduler scheduler)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Subscription> _subscriptions = []; // guarded by _gate
    private bool _completed; // guarded by _gate

    /// <summary>Whether anybody would hear an event.</summary>
    public bool HasSubscribers
    {
        get
        {
            lock (_gate) return !_subscriptions.IsEmpty;
        }
    }

    public void Publish(NodeEvent nodeEvent)
    {
        ArgumentNullException.ThrowIfNull(nodeEvent);
        ImmutableArray<Subscription> subscriptions;
        lock (_gate)
        {
            subscriptions = _subscriptions;
            foreach (var subscription in subscriptions)
            {
                subscription.Offer(nodeEvent);
            }
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Wake();
        }
    }

    /// <summary>From now on: the subscription begins here, not with the first enumeration.</summary>
    public IAsyncEnumerable<NodeEvent> Subscribe(CancellationToken cancellationToken)
    {
        var subscription = new Subscription(this, cancellationToken);
        lock (_gate)
        {
            if (!_completed) _subscriptions = _subscriptions.Add(subscription);
        }

        subscription.EndWithToken();
        return subscription;
    }

    /// <summary>Subscribers read what is queued, then the end.</summary>
    public void Complete()
    {
        ImmutableArray<Subscription> subscriptions;
        lock (_gate)
        {
            _completed = true;
            subscriptions = _subscriptions;
            _subscriptions = [];
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Wake();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }
    }

    /// <summary>Where one subscriber is. One enumeration at a time.</summary>
    private sealed class Subscription(EventHub hub, CancellationToken token) : IAsyncEnumerable<NodeEvent>
    {
        // One place more than the capacity, so that the news of the loss fits with the event that follows it.
        private readonly Queue<NodeEvent> _queue = new(); // guarded by the hub's lock
        private ScheduledCompletion<bool>? _waiting; // guarded by the hub's lock
        private CancellationTokenRegistration _registration;
        private long _dropped; // guarded by the hub's lock

        /// <summary>Within the hub's lock.</summary>
        public void Offer(NodeEvent nodeEvent)
        {
            if (_queue.Count >= hub.Capacity)
            {
                _dropped++;
                SwarmMetrics.EventsDropped.Add(1);
                return;
            }

            if (_dropped > 0) _queue.Enqueue(TellDropped());
            _queue.Enqueue(nodeEvent);
        }

        /// <summary>There is news: outside the hub's lock.</summary>
        public void Wake()
        {
            ScheduledCompletion<bool>? waiting;
            lock (hub._gate)
            {
                waiting = _waiting;
                _waiting = null;
            }

            waiting?.TrySetResult(true);
        }

        public void EndWithToken() => _registration = token.UnsafeRegister(static state => ((Subscription)state!).Leave(), this);

        public async IAsyncEnumerator<NodeEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            try
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(token, cancellationToken);
                while (true)
                {
                    var (next, news) = Take();
                    if (next is not null)
                    {
                        yield return next;
                        continue;
                    }

                    both.Token.ThrowIfCancellationRequested();
                    if (news is null) break;
                    await news.WaitAsync(both.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                Leave();
                await _registration.DisposeAsync().ConfigureAwait(false);
            }
        }

        /// <summary>The next event; where there is none, what completes when there is news; neither at the end.</summary>
        private (NodeEvent? Next, Task? News) Take()
        {
            lock (hub._gate)
            {
                if (_queue.TryDequeue(out var next)) return (next, null);

                // What was lost came after all that was queued.
                if (_dropped > 0) return (TellDropped(), null);
                return hub._completed ? default : (null, (_waiting ??= new ScheduledCompletion<bool>(hub.Scheduler)).Task);
            }
        }

        private EventsDropped TellDropped()
        {
            var told = new EventsDropped(_dropped);
            _dropped = 0;
            return told;
        }

        private void Leave() => hub.Remove(this);
    }

    private int Capacity => capacity;

    private PipeScheduler Scheduler => scheduler;
}
