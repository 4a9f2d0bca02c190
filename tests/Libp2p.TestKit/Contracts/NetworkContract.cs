using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="INetwork"/> keeps, the operating system's or a simulated one. Its tests await nothing but the network.</summary>
public abstract partial class NetworkContract
{
    /// <summary>Runs a test with two ends.</summary>
    protected abstract Task RunAsync(Func<NetworkPair, Task> test);

    /// <summary>Whether a dial can leave from a port that is listened on, as on Linux. Default true there.</summary>
    protected virtual bool ReusesPorts => OperatingSystem.IsLinux();

    [Fact]
    public Task Bytes_cross_and_the_ends_know_each_other() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        near.Remote.ShouldBe(listener.Local);
        far.Local.ShouldBe(listener.Local);
        far.Remote.ShouldBe(near.Local);

        await near.SendAsync(new byte[] { 1, 2, 3 });
        (await ReadAsync(far, 3)).ShouldBe([1, 2, 3]);
        await far.SendAsync(new byte[] { 4 });
        (await ReadAsync(near, 1)).ShouldBe([4]);
    });

    [Fact]
    public Task A_side_that_has_ended_still_receives() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        await near.SendAsync(new byte[] { 1 });
        near.ShutdownSend();
        near.ShutdownSend();
        (await ReadAsync(far, 1)).ShouldBe([1]);
        (await far.ReceiveAsync(new byte[1])).ShouldBe(0);
        (await far.ReceiveAsync(new byte[1])).ShouldBe(0);

        await far.SendAsync(new byte[] { 2, 3 });
        (await ReadAsync(near, 2)).ShouldBe([2, 3]);
        await Assert.ThrowsAsync<SocketException>(() => near.SendAsync(new byte[] { 4 }).AsTask());
    });

    [Fact]
    public Task What_was_sent_before_the_end_arrives() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var second = far;
        await near.SendAsync(new byte[] { 1, 2, 3, 4 });
        await near.DisposeAsync();
        (await ReadAsync(far, 4)).ShouldBe([1, 2, 3, 4]);
        (await far.ReceiveAsync(new byte[1])).ShouldBe(0);
    });

    [Fact]
    public Task Abort_is_a_reset_for_the_remote_and_wakes_this_side() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var second = far;
        var pending = near.ReceiveAsync(new byte[1]).AsTask();
        near.Abort();
        near.Abort();

        await Assert.ThrowsAsync<SocketException>(() => pending);
        (await Assert.ThrowsAsync<SocketException>(() => far.ReceiveAsync(new byte[1]).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        await Assert.ThrowsAsync<SocketException>(() => near.SendAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<SocketException>(() => near.ReceiveAsync(new byte[1]).AsTask());
        near.ShutdownSend();
        await near.DisposeAsync();
    });

    [Fact]
    public Task Who_sends_to_a_socket_that_was_closed_learns_of_it() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var second = far;
        await near.DisposeAsync();
        (await far.ReceiveAsync(new byte[1])).ShouldBe(0);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await far.SendAsync(new byte[64 * 1024]);
            }
        });
    });

    [Fact]
    public Task A_cancelled_receive_loses_nothing() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        using var cancel = new CancellationTokenSource();
        var pending = far.ReceiveAsync(new byte[8], cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);

        await near.SendAsync(new byte[] { 1, 2 });
        (await ReadAsync(far, 2)).ShouldBe([1, 2]);
    });

    [Fact]
    public Task An_empty_receive_waits_for_data() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        var pending = far.ReceiveAsync(Memory<byte>.Empty).AsTask();
        pending.IsCompleted.ShouldBeFalse();
        await near.SendAsync(new byte[] { 7 });
        (await pending).ShouldBe(0);
        (await ReadAsync(far, 1)).ShouldBe([7]);
    });

    [Fact]
    public Task Pieces_arrive_in_order_also_when_larger_than_the_buffers() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        var all = DuplexBytes.Pattern(8 * 1024 * 1024, seed: 3);
        var sending = near.SendAsync([all.AsMemory(0, 12), ReadOnlyMemory<byte>.Empty, all.AsMemory(12, 5_000_000), all.AsMemory(5_000_012)]).AsTask();
        sending.IsCompleted.ShouldBeFalse();
        (await ReadAsync(far, all.Length)).ShouldBeBytes(all, "what was sent");
        await sending;
    });

    /// <summary>So many bytes.</summary>
    internal static async Task<byte[]> ReadAsync(IStreamSocket socket, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(read));
            more.ShouldBeGreaterThan(0, "the stream ended early");
            read += more;
        }

        return bytes;
    }
}
