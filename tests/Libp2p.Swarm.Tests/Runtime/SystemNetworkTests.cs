using System.Net;
using System.Net.Sockets;

namespace Libp2p.Swarm.Tests.Runtime;

public sealed class SystemNetworkTests
{
    private static readonly TimeSpan _watchdog = TimeSpan.FromSeconds(20);
    private readonly SystemNetwork _network = new();

    public static TheoryData<string> Loopbacks => ["127.0.0.1", "::1"];

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public async Task Bytes_cross_and_the_ends_know_each_other(string host)
    {
        await using var listener = _network.Listen(new IPEndPoint(IPAddress.Parse(host), 0), 8);
        ((IPEndPoint)listener.Local).Port.ShouldNotBe(0);

        var (near, far) = await ConnectAsync(listener);
        await using var one = near;
        await using var two = far;

        near.Remote.ShouldBe(listener.Local);
        far.Remote.ShouldBe(near.Local);

        await near.SendAsync(new byte[] { 1, 2, 3 });
        (await ReadAsync(far, 3)).ShouldBe([1, 2, 3]);
        near.ShutdownSend();
        (await far.ReceiveAsync(new byte[1])).ShouldBe(0);
        await far.SendAsync(new byte[] { 4 });
        (await ReadAsync(near, 1)).ShouldBe([4]);
    }

    [Fact]
    public async Task Unix_domain_sockets_work_and_leave_no_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"libp2p-{Guid.NewGuid():N}.sock");
        await using (var listener = _network.Listen(new UnixDomainSocketEndPoint(path), 8))
        {
            var (near, far) = await ConnectAsync(listener);
            await near.SendAsync(new byte[] { 7 });
            (await ReadAsync(far, 1)).ShouldBe([7]);
            near.Abort();
            await far.DisposeAsync();
        }

        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task Both_families_take_the_same_port()
    {
        await using var six = _network.Listen(new IPEndPoint(IPAddress.IPv6Any, 0), 8);
        await using var four = _network.Listen(new IPEndPoint(IPAddress.Any, ((IPEndPoint)six.Local).Port), 8);
        ((IPEndPoint)four.Local).Port.ShouldBe(((IPEndPoint)six.Local).Port);
    }

    [Fact]
    public async Task A_gathered_send_given_up_takes_the_connection_with_it()
    {
        await using var listener = _network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var (near, far) = await ConnectAsync(listener);
        using var cancel = new CancellationTokenSource();
        var sending = near.SendAsync([new byte[8_000_000], new byte[8_000_000]], cancel.Token).AsTask();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => sending.WaitAsync(_watchdog));
        await Should.ThrowAsync<SocketException>(() => near.SendAsync(new byte[1]).AsTask());
        await far.DisposeAsync();
    }

    [Fact]
    public async Task Completions_are_inline_where_the_runtime_can()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The runtime has polling threads on Unix only.");
        await using var listener = _network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var (near, far) = await ConnectAsync(listener);
        var onPool = ReceiveAndTellAsync(far);
        await near.SendAsync(new byte[] { 1 });
        (await onPool.WaitAsync(_watchdog)).ShouldBeFalse();
        await near.DisposeAsync();
        await far.DisposeAsync();

        static async Task<bool> ReceiveAndTellAsync(IStreamSocket socket)
        {
            await socket.ReceiveAsync(new byte[1]).ConfigureAwait(false);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    [Fact]
    public async Task Sends_and_receives_allocate_nothing_in_steady_state()
    {
        await using var listener = _network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var (near, far) = await ConnectAsync(listener);
        var buffer = new byte[4096];
        ReadOnlyMemory<byte>[] pieces = [buffer.AsMemory(0, 12), buffer.AsMemory(12)];

        // On one thread, so that only what the socket allocates is counted: data is there before it is received.
        Round(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000);
        await near.DisposeAsync();
        await far.DisposeAsync();

        void Round(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var sending = i % 2 == 0 ? near.SendAsync(buffer) : near.SendAsync(pieces);
                sending.IsCompletedSuccessfully.ShouldBeTrueCheaply();
                for (var left = buffer.Length; left > 0;)
                {
                    var receiving = far.ReceiveAsync(buffer);
                    left -= receiving.IsCompletedSuccessfully ? receiving.Result : receiving.AsTask().Result;
                }
            }
        }
    }

    [Fact]
    public async Task Settings_reach_the_socket_and_a_closed_one_says_so()
    {
        await using var listener = _network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var (near, far) = await ConnectAsync(listener);
        near.Configure(new StreamSocketOptions { NoDelay = false, KeepAlive = TimeSpan.FromSeconds(30) });
        near.Abort();
        Should.Throw<SocketException>(() => near.Configure(new StreamSocketOptions()));
        await far.DisposeAsync();
    }

    private async Task<(IStreamSocket Near, IStreamSocket Far)> ConnectAsync(IStreamSocketListener listener, EndPoint? local = null)
    {
        var accepting = listener.AcceptAsync().AsTask();
        var near = await _network.ConnectAsync(listener.Local, local).AsTask().WaitAsync(_watchdog);
        var far = await accepting.WaitAsync(_watchdog);
        return (near, far.ShouldNotBeNull());
    }

    private static async Task<byte[]> ReadAsync(IStreamSocket socket, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(read)).AsTask().WaitAsync(_watchdog);
            count.ShouldBeGreaterThan(0);
            read += count;
        }

        return bytes;
    }
}

internal static class CheapAssertions
{
    /// <summary>An assertion that allocates nothing while it holds.</summary>
    public static void ShouldBeTrueCheaply(this bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("It did not hold.");
        }
    }
}
