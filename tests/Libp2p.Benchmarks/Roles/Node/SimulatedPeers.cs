using System.Collections.Frozen;
using Libp2p.Multiformats;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>Many peers without a network: each dial goes on by one hop, shakes no hands, and ends in a connection that only stays open. What it costs is what the swarm costs.</summary>
internal sealed class SimulatedPeers(int count) : IMultiplexedTransport
{
    private readonly FrozenDictionary<PeerId, PublicKey> _keys = Enumerable.Range(0, count).Select(static _ => PrivateKey.Generate().PublicKey).ToFrozenDictionary(static key => key.PeerId);

    public IReadOnlyList<(PeerId Peer, Multiaddr Address)> Peers =>
        [.. _keys.Keys.Select(static (peer, number) => (peer, Multiaddr.Parse($"/ip4/45.{number >> 16}.{(number >> 8) & 255}.{number & 255}/udp/4001/quic-v1")))];

    public int DialRank(Multiaddr address) => 1;

    public bool CanListen(Multiaddr address) => false;

    public async ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        await context.Runtime.Scheduler.Yield();
        return context.Expected is { } peer && _keys.TryGetValue(peer, out var key) ? new Connection(context.Runtime, peer, key, remote) : throw new TransportException("nobody", remote);
    }

    public ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private sealed class Connection(NodeRuntime runtime, PeerId peer, PublicKey key, Multiaddr remote) : ISecureConnection
    {
        private readonly ScheduledCompletion<ConnectionEnd> _end = new(runtime.Scheduler);
        private readonly ScheduledCompletion<IMuxedStream?> _accept = new(runtime.Scheduler);

        public PeerId RemotePeer => peer;

        public PublicKey RemoteKey => key;

        public Multiaddr Local => remote;

        public Multiaddr Remote => remote;

        public ConnectionLimits? Limits => null;

        public Task<ConnectionEnd> Completion => _end.Task;

        public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => new(_accept.Task);

        public void Abort(ConnectionErrorCode code)
        {
            _accept.TrySetResult(null);
            _end.TrySetResult(new ConnectionEnd(code, ByRemote: false));
        }

        public object? GetFeature(Type type) => null;

        public ValueTask DisposeAsync()
        {
            Abort(ConnectionErrorCode.None);
            return default;
        }
    }
}
