using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <content>Ports, listeners, attempts.</content>
public abstract partial class NetworkContract
{
    [Fact]
    public Task Nobody_listening_is_an_error_at_once() => RunAsync(async pair =>
    {
        var listener = pair.Listen();
        await listener.DisposeAsync();
        (await Assert.ThrowsAsync<SocketException>(() => pair.Near.ConnectAsync(listener.Local).AsTask())).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    });

    [Fact]
    public Task A_taken_port_is_refused() => RunAsync(async pair =>
    {
        await using var first = pair.Listen();
        Should.Throw<SocketException>(() => pair.Far.Listen(first.Local, 8)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
        Should.Throw<SocketException>(() => pair.Far.Listen(new IPEndPoint(IPAddress.Any, ((IPEndPoint)first.Local).Port), 8)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
    });

    [Fact]
    public Task An_address_of_another_machine_cannot_be_bound() => RunAsync(pair =>
    {
        Should.Throw<SocketException>(() => pair.Far.Listen(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), 8)).SocketErrorCode.ShouldBe(SocketError.AddressNotAvailable);
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_wildcard_is_reached_at_every_address() => RunAsync(async pair =>
    {
        await using var listener = pair.Far.Listen(new IPEndPoint(IPAddress.Any, 0), 8);
        var accepting = listener.AcceptAsync().AsTask();
        await using var near = await pair.Near.ConnectAsync(new IPEndPoint(pair.FarAddress, ((IPEndPoint)listener.Local).Port));
        await using var far = (await accepting)!;
        far.Local.ShouldBe(near.Remote);
    });

    [Fact]
    public Task A_port_can_be_bound_again_while_its_connections_live() => RunAsync(async pair =>
    {
        var listener = pair.Listen();
        var (near, far) = await pair.ConnectAsync(listener);
        await using var first = near;
        await using var second = far;
        await listener.DisposeAsync();

        await using var again = pair.Far.Listen(listener.Local, 8);
        await near.SendAsync(new byte[] { 9 });
        (await ReadAsync(far, 1)).ShouldBe([9]);
    });

    [Fact]
    public Task A_dial_leaves_from_the_port_listened_on() => RunAsync(async pair =>
    {
        Assert.SkipUnless(ReusesPorts, "Ports are not reused here.");
        await using var home = pair.Near.Listen(new IPEndPoint(pair.NearAddress, 0), 8);
        await using var away = pair.Listen();
        var (near, far) = await pair.ConnectAsync(away, home.Local);
        await using var first = near;
        await using var second = far;
        far.Remote.ShouldBe(home.Local);

        // A second one from there to the same place would be the same connection.
        await Assert.ThrowsAsync<SocketException>(() => pair.Near.ConnectAsync(away.Local, home.Local).AsTask());

        // The listener is not disturbed.
        var accepting = home.AcceptAsync().AsTask();
        await using var other = await pair.Far.ConnectAsync(home.Local);
        await using var accepted = (await accepting)!;
        accepted.Remote.ShouldBe(other.Local);
    });

    [Fact]
    public Task A_dial_cancelled_before_does_nothing() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Near.ConnectAsync(listener.Local, null, new CancellationToken(true)).AsTask());
    });

    [Fact]
    public Task A_name_is_refused_as_an_end_point() => RunAsync(async pair =>
    {
        await Assert.ThrowsAsync<ArgumentException>(() => pair.Near.ConnectAsync(new DnsEndPoint("localhost", 1)).AsTask());
        Should.Throw<ArgumentException>(() => pair.Near.Listen(new DnsEndPoint("localhost", 1), 8));
    });

    [Fact]
    public Task Disposing_a_listener_wakes_the_accepter_with_null() => RunAsync(async pair =>
    {
        var listener = pair.Listen();
        var accepting = listener.AcceptAsync().AsTask();
        accepting.IsCompleted.ShouldBeFalse();
        await listener.DisposeAsync();
        (await accepting).ShouldBeNull();
        (await listener.AcceptAsync()).ShouldBeNull();
    });

    [Fact]
    public Task A_cancelled_accept_leaves_the_next_working() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        using var cancel = new CancellationTokenSource();
        var pending = listener.AcceptAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);

        var (near, far) = await pair.ConnectAsync(listener);
        await near.DisposeAsync();
        await far.DisposeAsync();
    });

    [Fact]
    public Task Connections_wait_for_the_accepter_in_order() => RunAsync(async pair =>
    {
        await using var listener = pair.Listen();
        await using var one = await pair.Near.ConnectAsync(listener.Local);
        await one.SendAsync(new byte[] { 1 });
        await using var two = await pair.Near.ConnectAsync(listener.Local);
        await using var first = (await listener.AcceptAsync())!;
        await using var second = (await listener.AcceptAsync())!;
        first.Remote.ShouldBe(one.Local);
        second.Remote.ShouldBe(two.Local);
        (await ReadAsync(first, 1)).ShouldBe([1]);
    });

    [Fact]
    public Task Loopback_is_among_the_local_addresses() => RunAsync(pair =>
    {
        pair.Near.GetLocalAddresses().ShouldContain(IPAddress.Loopback);
        return Task.CompletedTask;
    });
}
