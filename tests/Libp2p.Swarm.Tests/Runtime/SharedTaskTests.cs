using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Tests.Runtime;

public class SharedTaskTests
{
    [Fact]
    public void All_who_join_go_on_where_the_task_was_completed()
    {
        var source = new TaskCompletionSource();
        using var never = new CancellationTokenSource();
        var waiting = new[] { SharedTask.JoinAsync(source.Task), SharedTask.JoinAsync(source.Task, never.Token), SharedTask.JoinAsync(source.Task) };
        source.SetResult();
        waiting.ShouldAllBe(static one => one.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_joins_shares_the_failure_or_gives_up()
    {
        var source = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var leaving = SharedTask.JoinAsync(source.Task, cancel.Token);
        var staying = SharedTask.JoinAsync(source.Task);
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);
        source.SetException(new TransportException("broken"));
        await Should.ThrowAsync<TransportException>(() => staying);
    }
}
