using Libp2p.Swarm.Runtime;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Runtime;

public sealed class DeadlineQueueTests : IDisposable
{
    private readonly TestRuntime _runtime = TestRuntime.Fake();
    private readonly DeadlineQueue _queue;

    public DeadlineQueueTests() => _queue = new DeadlineQueue(_runtime.Clock, TimeSpan.FromSeconds(10));

    public void Dispose() => _queue.Dispose();

    [Theory]
    [InlineData(0, 10)]
    [InlineData(8, 2)]
    [InlineData(30, 0)]
    public void A_deadline_runs_from_the_moment_it_is_of_however_late_it_is_added(int late, int left)
    {
        var entry = new Entry();
        var since = _runtime.Clock.GetTimestamp();
        _runtime.Clock.Advance(TimeSpan.FromSeconds(late));
        _queue.Add(entry, since);
        if (left > 0)
        {
            _runtime.Clock.Advance(TimeSpan.FromSeconds(left) - TimeSpan.FromMilliseconds(1));
            entry.Passed.ShouldBe(0);
        }

        _runtime.Clock.Advance(TimeSpan.FromMilliseconds(2));
        entry.Passed.ShouldBe(1);
    }

    [Fact]
    public void Each_passes_at_its_own_time_and_none_that_was_removed()
    {
        var entries = new Entry[5];
        for (var i = 0; i < entries.Length; i++)
        {
            _queue.Add(entries[i] = new Entry(), _runtime.Clock.GetTimestamp());
            _runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        _queue.Remove(entries[1]).ShouldBeTrue();
        _queue.Remove(entries[1]).ShouldBeFalse();
        _runtime.Clock.Advance(TimeSpan.FromSeconds(0.5));
        for (var second = 5; second < 20; second++)
        {
            entries.Select(static entry => entry.Passed).ShouldBe(entries.Select((_, i) => i != 1 && second >= i + 10 ? 1 : 0));
            _runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Entry : Deadline
    {
        public int Passed { get; private set; }

        protected internal override void OnDeadline() => Passed++;
    }
}
