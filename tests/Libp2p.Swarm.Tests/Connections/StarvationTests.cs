using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Connections;

/// <summary>Whoever waits for data goes on by a hop of its own: what it then does with its thread is its own affair.</summary>
public sealed class StarvationTests
{
    private static readonly ProtocolId _blocking = "/blocking/1.0.0";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_blocks_its_thread_stalls_its_own_stream_only(bool onceItHasRead)
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        using var release = new ManualResetEventSlim();
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var handler = listener.Handle(_blocking, async (stream, cancellationToken) =>
        {
            if (onceItHasRead) await stream.Input.ReadAtLeastAsync(1, cancellationToken);
            blocks.SetResult();
            release.Wait(CancellationToken.None);
        });
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await using var before = await connection.OpenStreamAsync([QuicNodes.Echo]).Within();
        await using var blocked = await connection.OpenStreamAsync([_blocking]).Within();
        try
        {
            await blocked.Output.WriteAsync(new byte[1]);
            await blocks.Task.Within();

            // More than a window, so that credit has to return, too.
            var bytes = DuplexBytes.Pattern(1024 * 1024, 1);
            var answer = before.Input.ReadToEndAsync();
            await before.Output.WriteToEndAsync(bytes).Within();
            (await answer.Within()).ShouldBe(bytes);
            await ConnectionTests.EchoAsync(connection);
        }
        finally
        {
            release.Set();
        }

        // The handler returns, and its stream ends.
        await blocked.Output.CompleteAsync();
        (await blocked.Input.ReadToEndAsync().Within()).ShouldBeEmpty();
    }
}
