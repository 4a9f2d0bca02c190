using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>What links do to what crosses them.</summary>
public class LinkTests
{
    [Fact]
    public Task Latency_is_what_a_byte_takes_and_a_handshake_takes_two() => Simulation.RunAsync(1, async simulation =>
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(100) };
        var (near, far) = await ConnectAsync(simulation);
        simulation.Now.TotalMilliseconds.ShouldBe(300); // the third packet tells the accepter
        await near.SendAsync(new byte[1]);
        await far.ReceiveAsync(new byte[1]);
        simulation.Now.TotalMilliseconds.ShouldBe(400);
    });

    [Fact]
    public Task Bandwidth_is_shared_by_the_connections_of_a_link() => Simulation.RunAsync(1, async simulation =>
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.Zero, BytesPerSecond = 100_000 };
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var first = await ConnectAsync(a, b);
        var second = await ConnectAsync(a, b);
        var start = simulation.Now;
        await Task.WhenAll(TransferAsync(first, 500_000), TransferAsync(second, 500_000));
        (simulation.Now - start).TotalSeconds.ShouldBe(10, 0.5);
    });

    [Fact]
    public Task A_sender_waits_for_a_reader_that_does_not_read() => Simulation.RunAsync(1, async simulation =>
    {
        var (near, far) = await ConnectAsync(simulation);
        var sending = near.SendAsync(new byte[300 * 1024]).AsTask();
        await simulation.Delay(TimeSpan.FromMinutes(10));
        sending.IsCompleted.ShouldBeFalse();
        await ReadAsync(far, 44 * 1024);
        await sending;
        await ReadAsync(far, 256 * 1024);
    });

    [Fact]
    public Task What_a_stream_loses_comes_later_in_order() => Simulation.RunSeedsAsync(20, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var pair = await ConnectAsync(a, b);
        var clean = simulation.Now;
        await TransferAsync(pair, 200_000);
        clean = simulation.Now - clean;

        simulation.SetPath(a, b, new LinkOptions { Loss = 0.2 });
        var lossy = simulation.Now;
        await TransferAsync(pair, 200_000);
        (simulation.Now - lossy).ShouldBeGreaterThan(clean + TimeSpan.FromMilliseconds(200));
    });

    [Fact]
    public Task A_link_that_loses_all_breaks_a_connection_in_the_end() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        var (near, _) = await ConnectAsync(a, b);
        simulation.SetPath(a, b, new LinkOptions { Loss = 1 });
        await near.SendAsync(new byte[1]);
        (await Assert.ThrowsAsync<SocketException>(() => near.ReceiveAsync(new byte[1]).AsTask())).SocketErrorCode.ShouldBe(SocketError.TimedOut);
        simulation.Now.TotalSeconds.ShouldBeInRange(60, 130);
    });

    [Fact]
    public Task Datagrams_are_lost_doubled_and_overtaken_as_often_as_said() => Simulation.RunSeedsAsync(5, async simulation =>
    {
        const int Count = 2000;
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        simulation.SetPath(a, b, new LinkOptions { Loss = 0.1, Duplication = 0.05, Reordering = 0.1 });
        await using var near = a.Runtime.Network.BindDatagram(new IPEndPoint(a.Address, 0));
        await using var far = b.Runtime.Network.BindDatagram(new IPEndPoint(b.Address, 0), new DatagramSocketOptions { ReceiveBuffer = 10_000_000 });
        for (var number = 0; number < Count; number++)
        {
            await near.SendAsync(BitConverter.GetBytes(number), far.Local);
            await simulation.Delay(TimeSpan.FromMilliseconds(1));
        }

        await simulation.Delay(TimeSpan.FromSeconds(1));
        var seen = new List<int>();
        var buffer = new byte[4];
        while (far.ReceiveAsync(buffer).AsTask() is { IsCompleted: true } received)
        {
            await received;
            seen.Add(BitConverter.ToInt32(buffer));
        }

        ((double)seen.Distinct().Count() / Count).ShouldBe(0.9, 0.03);
        ((double)(seen.Count - seen.Distinct().Count()) / Count).ShouldBe(0.045, 0.02);
        ((double)seen.Zip(seen.Skip(1)).Count(static pair => pair.First > pair.Second) / Count).ShouldBe(0.09, 0.04);
    });

    [Fact]
    public Task Datagrams_too_large_for_the_link_or_its_buffer_are_lost() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        await using var near = a.Runtime.Network.BindDatagram(new IPEndPoint(a.Address, 0));
        await using var far = b.Runtime.Network.BindDatagram(new IPEndPoint(b.Address, 0), new DatagramSocketOptions { ReceiveBuffer = 3000 });
        await near.SendAsync(new byte[1473], far.Local);
        foreach (var number in (byte[])[1, 2, 3]) await near.SendAsync(Enumerable.Repeat(number, 1000).ToArray(), far.Local);
        await simulation.Delay(TimeSpan.FromSeconds(1));
        var buffer = new byte[2000];
        (await far.ReceiveAsync(buffer)).Length.ShouldBe(1000);
        (await far.ReceiveAsync(buffer)).Length.ShouldBe(1000);
        buffer[0].ShouldBe((byte)2);
        far.ReceiveAsync(buffer).AsTask().IsCompleted.ShouldBeFalse();
        simulation.Trace.Lines.Count(static line => line.Contains(" Lost ", StringComparison.Ordinal)).ShouldBe(2);
    });

    internal static async Task<(IStreamSocket Near, IStreamSocket Far)> ConnectAsync(Simulation simulation) => await ConnectAsync(simulation.AddHost("near"), simulation.AddHost("far"));

    internal static async Task<(IStreamSocket Near, IStreamSocket Far)> ConnectAsync(SimulatedHost from, SimulatedHost to)
    {
        await using var listener = to.Runtime.Network.Listen(new IPEndPoint(to.Address, 0), 8);
        var accepting = listener.AcceptAsync().AsTask();
        var near = await from.Runtime.Network.ConnectAsync(listener.Local);
        return (near, (await accepting)!);
    }

    internal static async Task ReadAsync(IStreamSocket socket, int count)
    {
        var buffer = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read));
            more.ShouldBeGreaterThan(0);
            read += more;
        }
    }

    private static async Task TransferAsync((IStreamSocket Near, IStreamSocket Far) pair, int count)
    {
        var reading = ReadAsync(pair.Far, count);
        await pair.Near.SendAsync(new byte[count]);
        await reading;
    }
}
