using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing;

/// <summary>From where a node dials over TCP, seen at the other end of real sockets.</summary>
public sealed class PortReuseTests
{
    [Fact]
    public async Task A_dial_leaves_from_the_port_that_is_listened_on_unless_a_fresh_one_is_asked_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Port reuse is promised on Linux.");
        await using var nodes = new StackNodes();
        var (listener, dialer) = (await nodes.StartAsync(1), await nodes.StartAsync(2));
        var home = dialer.ListenAddresses.Single();
        var reused = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        reused.Local.ShouldBe(home);
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        listener.Connections.Single().Remote.ShouldBe(home);

        var fresh = await dialer.ConnectAsync(StackNodes.AddressOf(listener), new ConnectOptions { ForceNew = true, PortUse = PortUse.Fresh }).Within();
        fresh.Local.ShouldNotBe(home);

        // Whom it listens for reaches it there while it dials from there.
        var third = await nodes.StartAsync(3);
        (await third.ConnectAsync(StackNodes.AddressOf(dialer)).Within()).Remote.ShouldBe(home);
    }
}
