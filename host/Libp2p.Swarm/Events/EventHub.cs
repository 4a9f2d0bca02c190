using System.Threading.Channels;

namespace Libp2p.Swarm.Events;

/// <summary>
/// Hands every event to every subscriber, in one order. Each has a bounded queue; what does not fit is dropped, counted, and told before the next
/// event that fits. Thread-safe.
/// </summary>
internal sealed class EventHub(int capacity)
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = []; // guarded by _gate
    private bool _completed; // guarded by _gate

    public void Publish(NodeEvent nodeEvent)
    {
        ArgumentNullException.ThrowIfNull(nodeEvent);
        lock (_gate)
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Offer(nodeEvent);
            }
        }
    }

    /// <summary>From now on: the subscription begins here, not with the first enumeration.</summary>
    public IAsyncEnumerable<NodeEvent> Subscribe(CancellationToken cancellationToken)
    {
        var subscription = new Subscription(this, capacity, cancellationToken);
        lock (_gate)
        {
            if (_completed) subscription.Complete();
            else _subscriptions.Add(subscription);
        }

        subscription.EndWithToken();
        return subscription;
    }

    /// <summary>Subscribers read what is queued, then the end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            foreach (var subscription in _subscriptions)
            {
                subscription.Complete();
            }

            _subscriptions.Clear();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private sealed class Subscription(EventHub hub, int capacity, CancellationToken token) : IAsyncEnumerable<NodeEvent>
    {
        // One place more than asked for, so that the news of the loss fits with the event that follows it.
        private readonly Channel<NodeEvent> _queue = Channel.CreateBounded<NodeEvent>(new BoundedChannelOptions(capacity + 1) { SingleReader = true, SingleWriter = true });
        private CancellationTokenRegistration _registration;
        private long _dropped; // guarded by the hub's lock

        public void Offer(NodeEvent nodeEvent)
        {
            if (_queue.Reader.Count >= capacity)
            {
                _dropped++;
                SwarmMetrics.EventsDropped.Add(1);
                return;
            }

            if (_dropped > 0)
            {
                _queue.Writer.TryWrite(new EventsDropped(_dropped));
                _dropped = 0;
            }

            _queue.Writer.TryWrite(nodeEvent);
        }

        public void Complete() => _queue.Writer.TryComplete();

        public void EndWithToken() => _registration = token.UnsafeRegister(static state => ((Subscription)state!).Leave(), this);

        public async IAsyncEnumerator<NodeEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            try
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(token, cancellationToken);
                await foreach (var nodeEvent in _queue.Reader.ReadAllAsync(both.Token).ConfigureAwait(false))
                {
                    yield return nodeEvent;
                }
            }
            finally
            {
                Leave();
                await _registration.DisposeAsync().ConfigureAwait(false);
            }
        }

        private void Leave() => hub.Remove(this);
    }
}
