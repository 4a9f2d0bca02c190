namespace Libp2p.TestPeer.Protocols;
[Protocol("/libp2p/fetch/0.0.1")]
internal sealed partial class FetchHandler(PeerOptions options) : IProtocolHandler
{
    public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => options.Bench ? default : default;
    public static Task<byte[]?> FetchAsync(IConnection connection, string key, CancellationToken cancellationToken) => throw new UnsupportedException("fetch");
}
