using Libp2p.Multiformats;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="ITransport"/> keeps, whatever it delivers: see <see cref="ByteTransportContract"/> and <see cref="MultiplexedTransportContract"/>.</summary>
/// <typeparam name="T">What it delivers.</typeparam>
public abstract class TransportContract<T>
    where T : class, IAsyncDisposable
{
    /// <summary>An address to listen on, with its port left open.</summary>
    protected abstract Multiaddr ListenAddress { get; }

    /// <summary>More of them, of other kinds (IPv6, wildcard), each to be bound at the same time. Default none.</summary>
    protected virtual IReadOnlyList<Multiaddr> MoreListenAddresses => [];

    /// <summary>Addresses of other transports, a bare IP address among them.</summary>
    protected abstract IReadOnlyList<Multiaddr> ForeignAddresses { get; }

    /// <summary>The runtime of both ends.</summary>
    protected abstract TestRuntime Runtime { get; }

    /// <summary>Whether a remote must show that it receives at its address before anything else is done for it (never for TCP: that has happened).</summary>
    protected virtual bool CanRetry => false;

    /// <summary>Whether a second bind of the same address fails.</summary>
    protected virtual bool RefusesSecondBind => true;

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    private protected abstract ITransport Ranked { get; }

    private protected abstract ValueTask<T> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken);

    private protected abstract ValueTask<IListener<T>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken);

    // Sends something to and fro; fails if the two are not the ends of one connection.
    private protected abstract Task EchoAsync(T dialer, T listener);

    [Fact]
    public void Addresses_of_others_are_refused()
    {
        ForeignAddresses.ShouldNotBeEmpty();
        foreach (var address in ForeignAddresses)
        {
            Ranked.DialRank(address).ShouldBe(0, address.ToString());
            Ranked.CanListen(address).ShouldBeFalse(address.ToString());
        }
    }

    [Fact]
    public async Task What_it_listens_on_it_can_dial_and_the_port_is_filled_in()
    {
        foreach (var address in (Multiaddr[])[ListenAddress, .. MoreListenAddresses])
        {
            Ranked.CanListen(address).ShouldBeTrue(address.ToString());
            await using var listener = await ListenAsync(address);
            listener.Addresses.ShouldNotBeEmpty();
            foreach (var bound in listener.Addresses)
            {
                Ranked.DialRank(bound).ShouldBeGreaterThan(0, bound.ToString());
                Ranked.CanListen(bound).ShouldBeTrue(bound.ToString());
                bound.PeerIdBytes.IsEmpty.ShouldBeTrue($"{bound} names a peer");
                bound.ShouldNotBe(address, "the port was not filled in");
            }
        }
    }

    [Fact]
    public async Task Several_listeners_serve_at_the_same_time()
    {
        var listeners = new List<IListener<T>>();
        foreach (var address in (Multiaddr[])[ListenAddress, ListenAddress, .. MoreListenAddresses]) listeners.Add(await ListenAsync(address));
        listeners.SelectMany(static listener => listener.Addresses).Distinct().Count().ShouldBe(listeners.Count);
        foreach (var listener in listeners)
        {
            if (!listener.Addresses[0].IsUnspecified)
            {
                await using var pair = await ConnectAsync(listener);
                await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
            }

            await listener.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_address_that_is_taken_cannot_be_bound_again_until_it_is_free()
    {
        var first = await ListenAsync(ListenAddress);
        var bound = first.Addresses[0];
        if (RefusesSecondBind) await Assert.ThrowsAnyAsync<TransportException>(() => ListenAsync(bound).Within(Patience));
        await first.DisposeAsync();
        await using var second = await ListenAsync(bound);
        second.Addresses[0].ShouldBe(bound);
        await using var pair = await ConnectAsync(second);
        await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
    }

    [Fact]
    public async Task A_dial_arrives_and_echoes()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var pair = await ConnectAsync(listener);
        await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
    }

    [Fact]
    public async Task Sixty_four_dials_at_once_all_echo()
    {
        await using var listener = await ListenAsync(ListenAddress);
        var accepted = Concurrently.Run(async () =>
        {
            var all = new List<Task<T>>();
            while (all.Count < 64)
            {
                var incoming = (await listener.AcceptAsync()).ShouldNotBeNull();
                all.Add(incoming.CompleteAsync(ListenerContext()).AsTask());
            }

            return await Task.WhenAll(all);
        });
        var dialed = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => DialAsync(listener.Addresses[0], DialContext(), default).AsTask())).Within(Patience);
        var served = (await accepted.Within(Patience)).Select(one => ServeOneAsync(one)).ToList();
        await Task.WhenAll(dialed.Select(one => AskOneAsync(one))).Within(Patience);
        foreach (var one in dialed) await one.DisposeAsync();
        await Task.WhenAll(served).Within(Patience);
    }

    [Fact]
    public async Task What_arrived_knows_its_addresses_before_any_handshake()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var dial = Dial(listener.Addresses[0]);
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        incoming.Local.ShouldBe(listener.Addresses[0]);
        incoming.Remote.ShouldNotBe(incoming.Local);
        Ranked.DialRank(incoming.Remote).ShouldBeGreaterThan(0, incoming.Remote.ToString());
        incoming.AddressValidated.ShouldBe(!CanRetry);
        await (await incoming.CompleteAsync(ListenerContext()).Within(Patience)).DisposeAsync();
    }

    [Fact]
    public async Task A_remote_that_is_asked_to_prove_its_address_comes_again()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var dial = Dial(listener.Addresses[0]);
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        incoming.TryRetry().ShouldBe(CanRetry);
        if (CanRetry)
        {
            await incoming.DisposeAsync();
            incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
            incoming.AddressValidated.ShouldBeTrue();
            incoming.TryRetry().ShouldBeFalse("an address is validated once");
        }

        await using var mine = await incoming.CompleteAsync(ListenerContext()).Within(Patience);
        await EchoAsync(await dial.Connection.Within(Patience), mine).Within(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_remote_learns_it_and_the_next_is_served(bool byDisposing)
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using (var dial = Dial(listener.Addresses[0]))
        {
            var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
            if (!byDisposing) incoming.Refuse();
            await incoming.DisposeAsync();
            await Assert.ThrowsAnyAsync<Libp2pException>(async () => await FailsOrEndsAsync(await dial.Connection.Within(Patience)).Within(Patience));
        }

        await using var pair = await ConnectAsync(listener);
        await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
    }

    [Fact]
    public async Task A_dial_to_where_nobody_listens_fails()
    {
        var listener = await ListenAsync(ListenAddress);
        var bound = listener.Addresses[0];
        await listener.DisposeAsync();
        await Assert.ThrowsAnyAsync<TransportException>(() => DialAsync(bound, DialContext(), default).Within(Patience));
    }

    [Fact]
    public async Task A_dial_that_is_cancelled_already_fails()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DialAsync(listener.Addresses[0], DialContext(), new CancellationToken(true)).Within(Patience));
    }

    [Fact]
    public async Task A_cancelled_accept_and_a_cancelled_dial_leave_the_others_working()
    {
        await using var listener = await ListenAsync(ListenAddress);
        using var cancel = new CancellationTokenSource();
        var accepting = listener.AcceptAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.Within(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DialAsync(listener.Addresses[0], DialContext(), cancel.Token).Within(Patience));
        await using var pair = await ConnectAsync(listener);
        await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
    }

    [Fact]
    public async Task Unbinding_wakes_who_accepts_and_spares_what_was_accepted()
    {
        await using var listener = await ListenAsync(ListenAddress);
        var bound = listener.Addresses[0];
        await using var pair = await ConnectAsync(listener);
        var accepting = listener.AcceptAsync().AsTask();
        await listener.UnbindAsync().Within(Patience);
        (await accepting.Within(Patience)).ShouldBeNull();
        (await listener.AcceptAsync().Within(Patience)).ShouldBeNull();
        await EchoAsync(pair.Dialer, pair.Listener).Within(Patience);
        await Assert.ThrowsAnyAsync<TransportException>(() => DialAsync(bound, DialContext(), default).Within(Patience));
    }

    [Fact]
    public async Task Unbinding_and_disposing_twice_is_harmless()
    {
        var listener = await ListenAsync(ListenAddress);
        await listener.UnbindAsync().Within(Patience);
        await listener.UnbindAsync().Within(Patience);
        await listener.DisposeAsync().Within(Patience);
        await listener.DisposeAsync().Within(Patience);
        (await listener.AcceptAsync().Within(Patience)).ShouldBeNull();
    }

    private protected UpgradeContext ListenerContext(NodeIdentity? identity = null, PeerId? expected = null) => new()
    {
        Runtime = Runtime.Node,
        Identity = identity ?? TestIdentity.Listener,
        Direction = ConnectionDirection.Inbound,
        Role = ConnectionRole.Listener,
        Expected = expected,
    };

    private protected DialContext DialContext(PeerId? expected = null) => new() { Runtime = Runtime.Node, Identity = TestIdentity.Dialer, Expected = expected };

    private protected ValueTask<IListener<T>> ListenAsync(Multiaddr address) =>
        ListenAsync(address, new ListenContext { Runtime = Runtime.Node, Identity = TestIdentity.Listener }, default);

    private protected PendingDial Dial(Multiaddr address, PeerId? expected = null) => new(DialAsync(address, DialContext(expected), default).AsTask(), Patience);

    private protected async Task<Pair> ConnectAsync(IListener<T> listener)
    {
        var dialing = DialAsync(listener.Addresses[0], DialContext(), default).AsTask();
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        var mine = await incoming.CompleteAsync(ListenerContext()).Within(Patience);
        return new Pair(await dialing.Within(Patience), mine);
    }

    // Throws once the connection turns out to be refused or ended.
    private protected abstract Task FailsOrEndsAsync(T connection);

    private protected abstract Task ServeOneAsync(T connection);

    private protected abstract Task AskOneAsync(T connection);

    private protected sealed class Pair(T dialer, T listener) : IAsyncDisposable
    {
        public T Dialer { get; } = dialer;

        public T Listener { get; } = listener;

        public async ValueTask DisposeAsync()
        {
            await Dialer.DisposeAsync().ConfigureAwait(false);
            await Listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private protected sealed class PendingDial(Task<T> connection, TimeSpan patience) : IAsyncDisposable
    {
        public Task<T> Connection { get; } = connection;

        public async ValueTask DisposeAsync()
        {
            try
            {
                await (await Connection.Within(patience).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (Libp2pException)
            {
            }
        }
    }
}
