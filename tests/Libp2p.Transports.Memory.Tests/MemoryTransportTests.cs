using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryTransportTests
{
    private readonly MemoryHub _hub = new();

    [Fact]
    public async Task Zero_takes_a_free_number_and_cannot_be_dialed()
    {
        await using var one = await ListenAsync("/memory/0");
        await using var other = await ListenAsync("/memory/0");
        one.Addresses.ShouldHaveSingleItem().ShouldNotBe(other.Addresses.ShouldHaveSingleItem());
        one.Addresses[0].ToString().ShouldNotBe("/memory/0");
        (await Should.ThrowAsync<TransportException>(() => DialAsync("/memory/0"))).Message.ShouldContain("cannot be dialed");
    }

    [Fact]
    public async Task Two_hubs_are_two_worlds()
    {
        await using var here = await ListenAsync("/memory/5");
        var elsewhere = MemoryFixture.Transport(new MemoryHub());
        await using var there = await elsewhere.ListenAsync(Multiaddr.Parse("/memory/5"), MemoryFixture.Listen());
        await using var dialed = await DialAsync("/memory/5");
        await using var incoming = (await here.AcceptAsync().AsTask().Within()).ShouldNotBeNull();
        var nobody = there.AcceptAsync().AsTask();
        await there.UnbindAsync();
        (await nobody.Within()).ShouldBeNull("the dial went to the other hub");
    }

    [Fact]
    public async Task A_number_that_nobody_listens_on_says_so()
    {
        var failure = await Should.ThrowAsync<TransportException>(() => DialAsync("/memory/9"));
        failure.Address.ShouldBe(Multiaddr.Parse("/memory/9"));
        failure.Message.ShouldContain("nobody");
    }

    [Fact]
    public async Task Connections_beyond_the_backlog_are_refused_until_some_are_accepted()
    {
        await using var listener = await ListenAsync("/memory/3", backlog: 2);
        await using var first = await DialAsync("/memory/3");
        await using var second = await DialAsync("/memory/3");
        await Should.ThrowAsync<TransportException>(() => DialAsync("/memory/3"));
        await using var accepted = (await listener.AcceptAsync()).ShouldNotBeNull();
        await using var third = await DialAsync("/memory/3");
    }

    [Fact]
    public async Task Unbinding_refuses_who_waits_to_be_accepted()
    {
        var listener = await ListenAsync("/memory/3");
        await using var waiting = await DialAsync("/memory/3");
        await listener.UnbindAsync();
        await Should.ThrowAsync<TransportException>(() => waiting.Input.ReadAsync().AsTask().Within());
        await waiting.Closed.Within();
    }

    [Fact]
    public async Task An_address_of_another_transport_is_refused_with_what_to_use()
    {
        var failure = await Should.ThrowAsync<AddressException>(() => DialAsync("/ip4/127.0.0.1/tcp/1"));
        failure.Message.ShouldContain("/memory/NUMBER");
    }

    private async Task<IListener<IByteConnection>> ListenAsync(string address, int backlog = 128) =>
        await MemoryFixture.Transport(_hub).ListenAsync(Multiaddr.Parse(address), MemoryFixture.Listen(backlog));

    private async Task<IByteConnection> DialAsync(string address) => await MemoryFixture.Transport(_hub).DialAsync(Multiaddr.Parse(address), MemoryFixture.Dial);
}
