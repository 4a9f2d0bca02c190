using System.IO.Pipelines;

namespace Libp2p.Abstractions.Tests.Runtime;

public class ScheduledSemaphoreTests
{
    private readonly HeldScheduler _scheduler = new();

    [Fact]
    public void Places_are_taken_at_once_while_there_are_any()
    {
        var semaphore = new ScheduledSemaphore(2, _scheduler);
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeFalse();
        _scheduler.Count.ShouldBe(0);
    }

    [Fact]
    public void Who_has_waited_longest_is_next_and_goes_on_by_the_scheduler()
    {
        var semaphore = new ScheduledSemaphore(1, _scheduler);
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeTrue();
        var first = semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        var second = semaphore.WaitAsync(CancellationToken.None).AsTask();

        semaphore.Release();
        first.IsCompleted.ShouldBeFalse();
        _scheduler.RunAll();
        first.IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();

        semaphore.Release();
        _scheduler.RunAll();
        second.IsCompletedSuccessfully.ShouldBeTrue();

        semaphore.Release();
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Who_gives_up_leaves_its_turn_to_the_next()
    {
        using var source = new CancellationTokenSource();
        var semaphore = new ScheduledSemaphore(1, _scheduler);
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeTrue();
        var leaving = semaphore.WaitAsync(source.Token).AsTask();
        var next = semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask();

        source.Cancel();
        leaving.IsCompleted.ShouldBeFalse();
        semaphore.Release();
        _scheduler.RunAll();
        leaving.IsCanceled.ShouldBeTrue();
        next.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Who_has_been_given_the_place_cannot_give_up_any_more()
    {
        using var source = new CancellationTokenSource();
        var semaphore = new ScheduledSemaphore(1, _scheduler);
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeTrue();
        var waiting = semaphore.WaitAsync(source.Token).AsTask();

        semaphore.Release();
        source.Cancel();
        _scheduler.RunAll();
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_token_cancelled_before_takes_no_place()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var semaphore = new ScheduledSemaphore(1, _scheduler);
        semaphore.WaitAsync(source.Token).AsTask().IsCanceled.ShouldBeTrue();
        semaphore.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_release_too_many_is_refused() => Should.Throw<SemaphoreFullException>(() => new ScheduledSemaphore(1, _scheduler).Release());

    [Fact]
    public void There_is_at_least_one_place() => Should.Throw<ArgumentOutOfRangeException>(() => new ScheduledSemaphore(0, _scheduler));

    [Fact]
    public async Task No_place_is_lost_or_given_twice_among_threads_that_give_up_at_random()
    {
        const int Places = 3;
        var semaphore = new ScheduledSemaphore(Places, PipeScheduler.ThreadPool);
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var turn = 0; turn < 2000; turn++)
            {
                using var source = new CancellationTokenSource();
                var waiting = semaphore.WaitAsync(source.Token).AsTask();
                if (random.Next(3) == 0) source.Cancel();
                try
                {
                    await waiting;
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                if (random.Next(2) == 0) await Task.Yield();
                Interlocked.Decrement(ref inside);
                semaphore.Release();
            }
        })));

        most.ShouldBeLessThanOrEqualTo(Places);
        for (var i = 0; i < Places; i++) semaphore.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
