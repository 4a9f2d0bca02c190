using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What the datagrams and names of every <see cref="INetwork"/> keep, where none is lost. Its tests await nothing but the network.</summary>
public abstract class DatagramNetworkContract
{
    /// <summary>Runs a test with two ends, between which no datagram is lost.</summary>
    protected abstract Task RunAsync(Func<NetworkPair, Task> test);

    /// <summary>A group that both ends can join, on an interface with their own addresses; null: none, its test is skipped. Default none.</summary>
    protected virtual IPEndPoint? Group => null;

    [Fact]
    public Task Datagrams_keep_their_bounds_and_say_where_they_come_from() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        await using var far = pair.Far.BindDatagram(new IPEndPoint(pair.FarAddress, 0));
        near.Local.Port.ShouldNotBe(0);
        var buffer = new byte[2048];
        foreach (var length in (int[])[1, 0, 1200])
        {
            await near.SendAsync(DuplexBytes.Pattern(length, seed: length), far.Local);
            var received = await far.ReceiveAsync(buffer);
            received.Length.ShouldBe(length);
            received.Remote.ShouldBe(near.Local);
            buffer.AsSpan(0, length).ToArray().ShouldBeBytes(DuplexBytes.Pattern(length, seed: length), "the datagram");
        }

        await far.SendAsync(new byte[] { 9 }, near.Local);
        (await near.ReceiveAsync(buffer)).Remote.ShouldBe(far.Local);
    });

    [Fact]
    public Task A_datagram_larger_than_the_buffer_is_cut_off() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        await using var far = pair.Far.BindDatagram(new IPEndPoint(pair.FarAddress, 0));
        await near.SendAsync(new byte[] { 1, 2, 3 }, far.Local);
        await near.SendAsync(new byte[] { 4 }, far.Local);
        var buffer = new byte[2];
        (await far.ReceiveAsync(buffer)).Length.ShouldBe(2);
        (await far.ReceiveAsync(buffer)).Length.ShouldBe(1);
        buffer[0].ShouldBe((byte)4);
    });

    [Fact]
    public Task A_wildcard_receives_at_every_address() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(IPAddress.Any, 0));
        await using var far = pair.Far.BindDatagram(new IPEndPoint(IPAddress.Any, 0));
        await near.SendAsync(new byte[] { 1 }, new IPEndPoint(pair.FarAddress, far.Local.Port));
        (await far.ReceiveAsync(new byte[8])).Remote.ShouldBe(new IPEndPoint(pair.NearAddress, near.Local.Port));
    });

    [Fact]
    public Task A_taken_datagram_port_is_refused_unless_it_is_shared() => RunAsync(async pair =>
    {
        await using var one = pair.Far.BindDatagram(new IPEndPoint(pair.FarAddress, 0));
        Assert.Throws<SocketException>(() => pair.Far.BindDatagram(one.Local)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);

        var shared = new DatagramSocketOptions { ShareAddress = true };
        await using var two = pair.Far.BindDatagram(new IPEndPoint(pair.FarAddress, 0), shared);
        await using var three = pair.Far.BindDatagram(two.Local, shared);
        three.Local.ShouldBe(two.Local);
        Assert.Throws<SocketException>(() => pair.Far.BindDatagram(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0))).SocketErrorCode.ShouldBe(SocketError.AddressNotAvailable);
    });

    [Fact]
    public Task A_datagram_that_cannot_be_sent_says_why() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        (await Assert.ThrowsAsync<SocketException>(() => near.SendAsync(new byte[65508], new IPEndPoint(pair.FarAddress, 9)).AsTask())).SocketErrorCode.ShouldBe(SocketError.MessageSize);
        await Assert.ThrowsAsync<SocketException>(() => near.SendAsync(new byte[1], new IPEndPoint(IPAddress.IPv6Loopback, 9)).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => near.SendAsync(new byte[1], new IPEndPoint(pair.FarAddress, 9), new CancellationToken(true)).AsTask());
    });

    [Fact]
    public Task Nobody_at_a_port_is_no_error_of_the_sender() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        await using var far = pair.Far.BindDatagram(new IPEndPoint(pair.FarAddress, 0));
        var nobody = new IPEndPoint(pair.FarAddress, 1);
        await near.SendAsync(new byte[] { 1 }, nobody);
        await near.SendAsync(new byte[] { 2 }, nobody);

        var receiving = near.ReceiveAsync(new byte[8]).AsTask();
        await far.SendAsync(new byte[] { 3 }, near.Local);
        (await receiving).Remote.ShouldBe(far.Local);
    });

    [Fact]
    public Task Disposing_a_datagram_socket_ends_its_receive() => RunAsync(async pair =>
    {
        var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        var receiving = near.ReceiveAsync(new byte[8]).AsTask();
        receiving.IsCompleted.ShouldBeFalse();
        await near.DisposeAsync();
        await near.DisposeAsync();
        await Assert.ThrowsAsync<SocketException>(() => receiving);
        await Assert.ThrowsAsync<SocketException>(() => near.ReceiveAsync(new byte[8]).AsTask());
        await Assert.ThrowsAsync<SocketException>(() => near.SendAsync(new byte[8], near.Local).AsTask());
        Assert.Throws<SocketException>(() => near.JoinGroup(IPAddress.Parse("224.0.0.251")));
    });

    [Fact]
    public Task A_cancelled_receive_of_datagrams_leaves_the_next_working() => RunAsync(async pair =>
    {
        await using var near = pair.Near.BindDatagram(new IPEndPoint(pair.NearAddress, 0));
        using var cancel = new CancellationTokenSource();
        var pending = near.ReceiveAsync(new byte[8], cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await near.SendAsync(new byte[] { 1 }, near.Local);
        (await near.ReceiveAsync(new byte[8])).Length.ShouldBe(1);
    });

    [Fact]
    public Task Members_of_a_group_receive_what_is_sent_to_it() => RunAsync(async pair =>
    {
        Assert.SkipUnless(Group is not null, "No group here.");
        var shared = new DatagramSocketOptions { ShareAddress = true };
        await using var near = pair.Near.BindDatagram(new IPEndPoint(IPAddress.Any, Group!.Port), shared);
        await using var far = pair.Far.BindDatagram(new IPEndPoint(IPAddress.Any, Group.Port), shared);
        near.JoinGroup(Group.Address, pair.NearAddress);
        far.JoinGroup(Group.Address, pair.FarAddress);
        await near.SendAsync(new byte[] { 1, 2 }, Group);
        (await far.ReceiveAsync(new byte[8])).ShouldBe(new ReceivedDatagram(2, new IPEndPoint(pair.NearAddress, Group.Port)));
        (await near.ReceiveAsync(new byte[8])).Length.ShouldBe(2);
    });

    [Fact]
    public Task An_address_in_text_is_its_own_answer() => RunAsync(async pair =>
    {
        (await pair.Near.ResolveAsync("192.0.2.7")).ShouldBe([IPAddress.Parse("192.0.2.7")]);
        (await pair.Near.ResolveAsync("2001:db8::7")).ShouldBe([IPAddress.Parse("2001:db8::7")]);
    });
}
