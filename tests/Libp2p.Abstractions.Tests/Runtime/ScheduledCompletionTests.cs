using System.IO.Pipelines;

namespace Libp2p.Abstractions.Tests.Runtime;

public class ScheduledCompletionTests
{
    private readonly HeldScheduler _scheduler = new();

    [Fact]
    public async Task Who_waits_goes_on_by_the_scheduler_and_on_its_thread()
    {
        var completion = new ScheduledCompletion<int>(_scheduler);
        var waiting = AddOneAsync(completion.Task);

        completion.TrySetResult(41).ShouldBeTrue();
        completion.IsCompleted.ShouldBeTrue();
        waiting.IsCompleted.ShouldBeFalse();

        _scheduler.RunAll();
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        (await waiting).ShouldBe(42);
    }

    [Fact]
    public void Each_of_several_who_wait_goes_on_by_a_hop_of_its_own()
    {
        var completion = new ScheduledCompletion<int>(_scheduler);
        var threads = new List<int>();
        var waiting = Enumerable.Range(0, 5).Select(_ => WhereAsync()).ToArray();
        completion.TrySetResult(1);
        completion.Task.IsCompletedSuccessfully.ShouldBeTrue();
        _scheduler.Count.ShouldBe(5);
        threads.ShouldBeEmpty();
        _scheduler.RunAll();
        threads.ShouldBe(Enumerable.Repeat(Environment.CurrentManagedThreadId, 5));
        waiting.ShouldAllBe(static one => one.IsCompletedSuccessfully);

        async Task WhereAsync()
        {
            await completion.Task.ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public void The_first_end_counts()
    {
        var completion = new ScheduledCompletion<int>(_scheduler);
        completion.TrySetException(new ProtocolException("first")).ShouldBeTrue();
        completion.TrySetResult(1).ShouldBeFalse();
        completion.TrySetCanceled(TestContext.Current.CancellationToken).ShouldBeFalse();
        completion.TrySetException(new ProtocolException("second")).ShouldBeFalse();

        _scheduler.RunAll();
        completion.Task.Exception!.InnerException!.Message.ShouldBe("first");
    }

    [Fact]
    public void A_cancellation_tells_its_token()
    {
        using var source = new CancellationTokenSource();
        var completion = new ScheduledCompletion<int>(_scheduler);
        source.Cancel();
        completion.TrySetCanceled(source.Token).ShouldBeTrue();

        _scheduler.RunAll();
        completion.Task.IsCanceled.ShouldBeTrue();
        Should.Throw<TaskCanceledException>(() => completion.Task.GetAwaiter().GetResult()).CancellationToken.ShouldBe(source.Token);
    }

    [Fact]
    public async Task On_the_thread_pool_the_task_is_done_at_once_and_nobody_goes_on_within_the_call()
    {
        foreach (var pool in (PipeScheduler[])[PipeScheduler.ThreadPool, new NodeRuntime { Network = null! }.Scheduler])
        {
            var completion = new ScheduledCompletion<int>(pool);
            var holding = new Lock();
            Task<bool> waiting;
            lock (holding)
            {
                waiting = IsHeldAsync(completion.Task, holding);
                completion.TrySetResult(1);
                completion.Task.IsCompletedSuccessfully.ShouldBeTrue();
            }

            (await waiting).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_yield_goes_on_behind_what_is_queued()
    {
        var order = new List<int>();
        _scheduler.Schedule(_ => order.Add(1), null);
        var yielding = YieldAsync(order);
        _scheduler.Schedule(_ => order.Add(3), null);
        yielding.IsCompleted.ShouldBeFalse();

        _scheduler.RunAll();
        yielding.IsCompletedSuccessfully.ShouldBeTrue();
        order.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_yield_keeps_the_callers_locals()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        var seen = "";
        var yielding = SeeAsync();
        local.Value = "other";
        _scheduler.RunAll();
        yielding.IsCompletedSuccessfully.ShouldBeTrue();
        seen.ShouldBe("caller");

        async Task SeeAsync()
        {
            await _scheduler.Yield();
            seen = local.Value!;
        }
    }

    private static async Task<int> AddOneAsync(Task<int> task) => await task.ConfigureAwait(false) + 1;

    private static async Task<bool> IsHeldAsync(Task<int> task, Lock holding)
    {
        await task.ConfigureAwait(false);
        return holding.IsHeldByCurrentThread;
    }

    private async Task YieldAsync(List<int> order)
    {
        await _scheduler.Yield();
        order.Add(2);
    }
}
