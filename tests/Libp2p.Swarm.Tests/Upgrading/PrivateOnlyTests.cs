using Libp2p.Multiformats;

namespace Libp2p.Swarm.Tests.Upgrading;

/// <summary>A node of a private network and transports that bring their own security.</summary>
public sealed class PrivateOnlyTests
{
    [Fact]
    public async Task It_neither_dials_nor_listens_where_its_protector_would_be_passed_by()
    {
        await using var nodes = new QuicNodes();
        var other = await nodes.StartAsync(1);
        var guarded = nodes.Make(2, options => options.ListenAddresses = []);
        guarded.Exports.Add<IConnectionProtector>(new Unused());
        await guarded.StartAsync();
        var dial = await Should.ThrowAsync<DialException>(async () => await guarded.ConnectAsync(Multiaddr.Parse($"{other.ListenAddresses[0]}/p2p/{other.PeerId}")));
        dial.Report.Attempts.ShouldHaveSingleItem().Error.ShouldBeOfType<TransportException>().Message.ShouldContain("private network");
        nodes.Arrivals.ShouldBe(0);

        var listening = nodes.Make(3);
        listening.Exports.Add<IConnectionProtector>(new Unused());
        (await Should.ThrowAsync<Libp2pException>(async () => await listening.StartAsync())).ToString().ShouldContain("private network");
    }

    private sealed class Unused : IConnectionProtector
    {
        public ValueTask<IByteConnection> ProtectAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
