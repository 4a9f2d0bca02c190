using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests;

public class ListenerTests
{
    [Fact]
    public async Task Listener_that_breaks_is_no_address_any_more()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.MakeBare(1);
        var transport = new ScriptedTransport();
        node.Exports.Add<ITransport>(transport);
        await node.StartAsync();
        node.ListenAddresses.ShouldBe([QuicNodes.AnyAddress]);
        transport.Break();
        await Watchdog.Eventually(() => node.ListenAddresses.IsEmpty && transport.Disposed);
    }

    [Fact]
    public async Task Addresses_that_change_are_told_and_a_peer_id_in_them_is_left_out()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.MakeBare(1);
        var transport = new ScriptedTransport();
        node.Exports.Add<ITransport>(transport);
        await node.StartAsync();
        await using var events = node.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var other = Multiaddr.Parse("/ip4/1.2.3.4/udp/5/quic-v1");
        transport.Change([QuicNodes.AnyAddress, other.Append(MultiaddrProtocol.P2p, node.PeerId.ToString())]);
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBeOfType<ListenAddressesChanged>().Addresses.ShouldBe([QuicNodes.AnyAddress, other]);
        node.ListenAddresses.ShouldBe([QuicNodes.AnyAddress, other]);
    }

    private sealed class ScriptedTransport : IMultiplexedTransport, IListener<ISecureConnection>
    {
        private readonly TaskCompletionSource<IIncoming<ISecureConnection>?> _accept = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public event Action? AddressesChanged;

        public ImmutableArray<Multiaddr> Addresses { get; private set; } = [];

        public bool Disposed { get; private set; }

        public void Break() => _accept.TrySetException(new TransportException("out of order"));

        public void Change(ImmutableArray<Multiaddr> addresses)
        {
            Addresses = addresses;
            AddressesChanged?.Invoke();
        }

        public int DialRank(Multiaddr address) => 0;

        public bool CanListen(Multiaddr address) => true;

        public ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
        {
            Addresses = [local];
            return new(this);
        }

        public async ValueTask<IIncoming<ISecureConnection>?> AcceptAsync(CancellationToken cancellationToken = default) => await _accept.Task;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _accept.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            Disposed = true;
            return default;
        }
    }
}
