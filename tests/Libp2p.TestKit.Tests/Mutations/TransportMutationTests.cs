using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Libp2p.Multiformats;
using Libp2p.TestKit.Probes;

namespace Libp2p.TestKit.Tests.Mutations;

/// <summary>A mistake that a transport makes on purpose.</summary>
public enum TransportFault
{
    RanksEverything,
    ForgetsWhoIsExpected,
    KeepsThePortOpen,
    NeverUnbinds,
    NeverRefuses,
    IgnoresCancellation,
    NeverRetries,
    SwapsAddresses,
    BindsTwice,
}

/// <summary>Mistakes of transports, and the tests of the suite that must catch them. What the suites of transports share is proven here for both.</summary>
public class TransportMutationTests
{
    public static TheoryData<TransportFault> Faults { get; } = [.. Enum.GetValues<TransportFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_mutant_is_caught(TransportFault fault)
    {
        var suite = new MutantSuite(fault);
        (Func<Task> Test, string Rule)[] catchers = fault switch
        {
            TransportFault.RanksEverything => [By(() => Task.Run(suite.Addresses_of_others_are_refused))],
            TransportFault.ForgetsWhoIsExpected => [By(suite.Row11_Another_peer_than_the_one_dialed_fails_at_both_ends_and_the_dialer_names_it)],
            TransportFault.KeepsThePortOpen => [By(suite.What_it_listens_on_it_can_dial_and_the_port_is_filled_in)],
            TransportFault.NeverUnbinds => [By(suite.Unbinding_wakes_who_accepts_and_spares_what_was_accepted), By(suite.A_dial_to_where_nobody_listens_fails)],
            TransportFault.NeverRefuses => [By(() => suite.A_refused_remote_learns_it_and_the_next_is_served(byDisposing: false)), By(() => suite.A_refused_remote_learns_it_and_the_next_is_served(byDisposing: true))],
            TransportFault.IgnoresCancellation => [By(suite.A_dial_that_is_cancelled_already_fails), By(suite.A_cancelled_accept_and_a_cancelled_dial_leave_the_others_working)],
            TransportFault.NeverRetries => [By(suite.A_remote_that_is_asked_to_prove_its_address_comes_again)],
            TransportFault.SwapsAddresses => [By(suite.What_arrived_knows_its_addresses_before_any_handshake)],
            TransportFault.BindsTwice => [By(suite.An_address_that_is_taken_cannot_be_bound_again_until_it_is_free)],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Name the test that catches it."),
        };
        foreach (var (test, rule) in catchers) await Mutants.ShouldBeCaughtAsync(test, rule);
    }

    private static (Func<Task> Test, string Rule) By(Func<Task> test, [CallerArgumentExpression(nameof(test))] string rule = "") => (test, rule);

    private sealed class MutantSuite(TransportFault fault) : MultiplexedTransportContract
    {
        private readonly FakeQuicNetwork _network = new();

        protected override Multiaddr ListenAddress => Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1");

        protected override IReadOnlyList<Multiaddr> ForeignAddresses => [Multiaddr.Parse("/ip4/127.0.0.1")];

        protected override TestRuntime Runtime { get; } = TestRuntime.System();

        protected override TimeSpan Patience => Mutants.ShortPatience;

        protected override bool CanRetry => true;

        protected override IMultiplexedTransport CreateTransport() => new MutantTransport(new FakeQuicTransport(_network), _network, fault);
    }

    private sealed class MutantTransport(FakeQuicTransport inner, FakeQuicNetwork network, TransportFault fault) : IMultiplexedTransport
    {
        public int DialRank(Multiaddr address) => fault == TransportFault.RanksEverything ? 1 : inner.DialRank(address);

        public bool CanListen(Multiaddr address) => inner.CanListen(address);

        public ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
        {
            if (fault == TransportFault.IgnoresCancellation) cancellationToken = default;
            if (fault == TransportFault.ForgetsWhoIsExpected) context = new DialContext { Runtime = context.Runtime, Identity = context.Identity };
            return inner.DialAsync(remote, context, cancellationToken);
        }

        public async ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
        {
            // A taken address is silently exchanged for a free one.
            var taken = fault == TransportFault.BindsTwice && network.IsBound(local);
            return new MutantListener(await inner.ListenAsync(taken ? Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1") : local, context, cancellationToken), local, fault);
        }
    }

    private sealed class MutantListener(IListener<ISecureConnection> inner, Multiaddr asked, TransportFault fault) : IListener<ISecureConnection>
    {
        public event Action? AddressesChanged
        {
            add => inner.AddressesChanged += value;
            remove => inner.AddressesChanged -= value;
        }

        public ImmutableArray<Multiaddr> Addresses => fault == TransportFault.KeepsThePortOpen ? [asked] : inner.Addresses;

        public async ValueTask<IIncoming<ISecureConnection>?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await inner.AcceptAsync(fault == TransportFault.IgnoresCancellation ? default : cancellationToken) is { } incoming ? new MutantIncoming(incoming, fault) : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => fault == TransportFault.NeverUnbinds ? default : inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => fault == TransportFault.NeverUnbinds ? default : inner.DisposeAsync();
    }

    private sealed class MutantIncoming(IIncoming<ISecureConnection> inner, TransportFault fault) : IIncoming<ISecureConnection>
    {
        public Multiaddr Local => fault == TransportFault.SwapsAddresses ? inner.Remote : inner.Local;

        public Multiaddr Remote => fault == TransportFault.SwapsAddresses ? inner.Local : inner.Remote;

        public bool AddressValidated => inner.AddressValidated;

        public ValueTask<ISecureConnection> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default) => inner.CompleteAsync(context, cancellationToken);

        public bool TryRetry() => fault != TransportFault.NeverRetries && inner.TryRetry();

        public void Refuse()
        {
            if (fault != TransportFault.NeverRefuses) inner.Refuse();
        }

        public ValueTask DisposeAsync() => fault == TransportFault.NeverRefuses ? default : inner.DisposeAsync();
    }
}
