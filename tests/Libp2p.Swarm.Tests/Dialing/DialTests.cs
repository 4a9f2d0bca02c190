using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing;

public class DialTests
{
    private static readonly PeerId Somebody = TestIdentity.Get(99).PeerId;

    [Fact]
    public async Task Concurrent_dials_of_a_peer_are_one()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connections = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => dialer.ConnectAsync(QuicNodes.AddressOf(listener)).AsTask())).Within();
        connections.Distinct().Count().ShouldBe(1);
        dialer.Connections.Count.ShouldBe(1);
        nodes.Arrivals.ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_dials_of_an_address_are_one_and_whoever_answers_is_taken()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connections = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => dialer.ConnectAsync(listener.ListenAddresses[0]).AsTask())).Within();
        connections.Distinct().Single().RemotePeer.ShouldBe(listener.PeerId);
        (await dialer.ConnectAsync(listener.ListenAddresses[0]).Within()).ShouldBe(connections[0]);
        nodes.Arrivals.ShouldBe(1);
    }

    [Fact]
    public async Task Address_given_twice_is_dialed_once()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var address = QuicNodes.AddressOf(listener);
        dialer.Peers.AddAddresses(listener.PeerId, [address], TimeSpan.FromMinutes(1));
        await dialer.ConnectAsync(address, new ConnectOptions { Addresses = [address, address] }).Within();
        nodes.Arrivals.ShouldBe(1);
    }

    [Fact]
    public async Task Row11_wrong_peer_fails_and_the_error_names_the_actual_one()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var wrong = listener.ListenAddresses[0].Append(MultiaddrProtocol.P2p, Somebody.ToString());
        var failure = await Should.ThrowAsync<DialException>(dialer.ConnectAsync(wrong).AsTask().Within());
        failure.Layer.ShouldBe(ConnectionLayer.Security);
        failure.Message.ShouldContain(listener.PeerId.ToString());
        failure.InnerException.ShouldBeOfType<PeerIdMismatchException>().Actual.ShouldBe(listener.PeerId);
        await Watchdog.Eventually(() => listener.Connections.Count == 0);
        dialer.Connections.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_to_dial_itself()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        (await Should.ThrowAsync<DialException>(node.ConnectAsync(node.PeerId).AsTask())).Message.ShouldContain("itself");
        (await Should.ThrowAsync<DialException>(node.ConnectAsync(node.ListenAddresses[0]).AsTask())).Message.ShouldContain("itself");
        (await Should.ThrowAsync<DialException>(node.ConnectAsync(QuicNodes.AddressOf(node)).AsTask())).Layer.ShouldBe(ConnectionLayer.Address);
    }

    [Fact]
    public async Task Address_without_transport_says_what_is_there_and_what_to_install()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        var failure = await Should.ThrowAsync<DialException>(node.ConnectAsync(Multiaddr.Parse("/ip4/127.0.0.1/tcp/4001/ws")).AsTask());
        failure.Layer.ShouldBe(ConnectionLayer.Address);
        failure.InnerException.ShouldBeOfType<AddressException>();
        failure.Message.ShouldContain("FakeQuicTransport");
        failure.Message.ShouldContain("Libp2p.Transports.WebSockets");
    }

    [Fact]
    public async Task Peer_without_addresses_says_so()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        var failure = await Should.ThrowAsync<DialException>(node.ConnectAsync(Somebody).AsTask());
        failure.Message.ShouldContain("no address");
        failure.Report.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Report_tells_every_address()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        var dead = Multiaddr.Parse("/ip4/127.0.0.1/udp/9/quic-v1");
        var odd = Multiaddr.Parse("/ip4/127.0.0.1/tcp/9");
        var failure = await Should.ThrowAsync<DialException>(node.ConnectAsync(Somebody, new ConnectOptions { Addresses = [dead, odd] }).AsTask());
        failure.Report.Peer.ShouldBe(Somebody);
        failure.Report.Attempts.Select(static attempt => attempt.Address).ShouldBe([dead, odd]);
        failure.Report.Attempts[0].Error.ShouldBeOfType<TransportException>();
        failure.Report.Attempts[0].StartedAfter.ShouldNotBeNull();
        failure.Report.Attempts[1].Error.ShouldBeOfType<AddressException>();
        failure.Report.Attempts[1].StartedAfter.ShouldBeNull();
        failure.Layer.ShouldBe(ConnectionLayer.Transport);
    }

    [Fact]
    public async Task One_good_address_among_bad_ones_is_enough()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var addresses = Enumerable.Range(1, 30).Select(static port => Multiaddr.Parse($"/ip4/127.0.0.1/udp/{port}/quic-v1")).Append(listener.ListenAddresses[0]).ToImmutableArray();
        (await dialer.ConnectAsync(listener.PeerId, new ConnectOptions { Addresses = addresses }).Within()).Remote.ShouldBe(listener.ListenAddresses[0]);
        dialer.Peers.TryGet(listener.PeerId, out var info).ShouldBeTrue();
        info!.Addresses.ShouldBe([listener.ListenAddresses[0]]);
    }

    [Fact]
    public async Task Last_caller_that_gives_up_cancels_the_dial_and_no_other()
    {
        await using var nodes = new QuicNodes();
        var dialer = await nodes.StartAsync(1);
        var stuck = new StuckTransport();
        dialer.Exports.Add<ITransport>(stuck);
        var address = StuckTransport.Address(1).Append(MultiaddrProtocol.P2p, Somebody.ToString());
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = dialer.ConnectAsync(address, cancellationToken: first.Token).AsTask();
        var two = dialer.ConnectAsync(Somebody, cancellationToken: second.Token).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 1);
        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(one.Within());
        stuck.Dials[0].IsCancellationRequested.ShouldBeFalse();
        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(two.Within());
        await stuck.Dials[0].Within();
        await Watchdog.Eventually(() => dialer.Context.Governor.Connections == 0);

        // The next one starts afresh.
        using var third = new CancellationTokenSource();
        var again = dialer.ConnectAsync(address, cancellationToken: third.Token).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 2);
        await third.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(again.Within());
    }

    [Fact]
    public async Task Cancelled_token_dials_nobody()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        await Should.ThrowAsync<OperationCanceledException>(dialer.ConnectAsync(QuicNodes.AddressOf(listener), cancellationToken: new CancellationToken(true)).AsTask());
        nodes.Arrivals.ShouldBe(0);
    }

    [Fact]
    public async Task Row47_dials_at_most_8_addresses_of_a_peer_at_once_and_100_in_all()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var dialer = await nodes.StartAsync(1, static options => (options.Dialing.MaxAddresses, options.Dialing.PrivateDelay) = (100, TimeSpan.Zero));
        var stuck = new StuckTransport();
        dialer.Exports.Add<ITransport>(stuck);
        var many = Enumerable.Range(1, 10_000).Select(StuckTransport.Address).ToImmutableArray();
        var dial = dialer.ConnectAsync(Somebody, new ConnectOptions { Addresses = many }).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 8);
        stuck.MostAtOnce.ShouldBe(8);
        var took = await nodes.Runtime.DriveAsync(dial, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(5));
        var failure = await Should.ThrowAsync<DialException>(dial);
        took.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(65));
        failure.Report.Attempts.Length.ShouldBe(100);
        failure.Message.ShouldContain("9900 addresses were over the limit");
        stuck.MostAtOnce.ShouldBe(8);
        await Watchdog.Eventually(() => dialer.Context.Governor.Connections == 0);
    }

    [Fact]
    public async Task Address_that_is_silent_fails_after_its_own_limit()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var dialer = await nodes.StartAsync(1);
        dialer.Exports.Add<ITransport>(new StuckTransport());
        var dial = dialer.ConnectAsync(StuckTransport.Address(1)).AsTask();
        var took = await nodes.Runtime.DriveAsync(dial, TimeSpan.FromSeconds(20));
        (await Should.ThrowAsync<DialException>(dial)).Message.ShouldContain("Dialing:PrivateAddressTimeout");
        took.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.5));
        var far = dialer.ConnectAsync(Multiaddr.Parse("/ip4/1.2.3.4/tcp/1")).AsTask();
        took = await nodes.Runtime.DriveAsync(far, TimeSpan.FromSeconds(20));
        (await Should.ThrowAsync<DialException>(far)).Message.ShouldContain("(Dialing:AddressTimeout)");
        took.ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15.5));
    }

    [Fact]
    public async Task One_stuck_peer_holds_up_no_other_and_tokens_are_passed_on()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2, static options =>
        {
            options.Dialing.MaxDials = 10;
            options.Dialing.MaxDialsPerPeer = 8;
            options.Dialing.PrivateDelay = TimeSpan.Zero;
        });
        var stuck = new StuckTransport();
        dialer.Exports.Add<ITransport>(stuck);
        var first = dialer.ConnectAsync(Somebody, new ConnectOptions { Addresses = [.. Enumerable.Range(1, 20).Select(StuckTransport.Address)] }).AsTask();
        await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();

        // The second fills the pool, the third waits for what the first gives back.
        var second = dialer.ConnectAsync(TestIdentity.Get(98).PeerId, new ConnectOptions { Addresses = [.. Enumerable.Range(100, 20).Select(StuckTransport.Address)] }).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 10);
        var again = dialer.ConnectAsync(listener.PeerId, new ConnectOptions { ForceNew = true }).AsTask();
        await nodes.Runtime.DriveAsync(again, TimeSpan.FromSeconds(6));
        await again;
        await nodes.Runtime.DriveAsync(Task.WhenAll(Quiet(first), Quiet(second)), TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(5));
        dialer.Dialer.Tokens.Held.ShouldBe(0);
        stuck.MostAtOnce.ShouldBe(10);
    }

    [Fact]
    public async Task Opens_a_stream_by_dialing_or_not()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        dialer.Peers.AddAddresses(listener.PeerId, listener.ListenAddresses, TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<DialException>(dialer.OpenStreamAsync(listener.PeerId, [QuicNodes.Echo], new OpenStreamOptions { NoDial = true }).AsTask());
        await Swarm.Tests.Connections.ConnectionTests.EchoAsync(await dialer.OpenStreamAsync(listener.PeerId, [QuicNodes.Echo]).Within());
        await Swarm.Tests.Connections.ConnectionTests.EchoAsync(await dialer.OpenStreamAsync(listener.PeerId, [QuicNodes.Echo], new OpenStreamOptions { NoDial = true }).Within());
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (DialException)
        {
            // What it says is another test's business.
        }
    }
}

/// <summary>Dials <c>/ip4/127.0.0.1/tcp/…</c> and any other tcp address, for ever.</summary>
internal sealed class StuckTransport : IByteTransport
{
    private readonly Lock _gate = new();
    private int _now;

    public List<CancellationToken> Dials { get; } = [];

    public int MostAtOnce { get; private set; }

    public static Multiaddr Address(int port) => Multiaddr.Parse($"/ip4/127.0.0.1/tcp/{port}");

    public int DialRank(Multiaddr address) => address.Has(MultiaddrProtocol.Tcp) ? 1 : 0;

    public bool CanListen(Multiaddr address) => false;

    public async ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            Dials.Add(cancellationToken);
            MostAtOnce = Math.Max(MostAtOnce, ++_now);
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
        finally
        {
            lock (_gate) _now--;
        }
    }

    public ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
