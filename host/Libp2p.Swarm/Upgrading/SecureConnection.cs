using Libp2p.Multiformats;

namespace Libp2p.Swarm.Upgrading;

/// <summary>A muxed connection that the upgrader assembled, with the identity that its security channel proved. Thread-safe.</summary>
internal sealed class SecureConnection(IMuxedConnection muxed, IByteConnection secured, PublicKey remoteKey, ConnectionEndpoints endpoints, ConnectionLimits? limits) : ISecureConnection
{
    /// <inheritdoc/>
    public PeerId RemotePeer => remoteKey.PeerId;

    /// <inheritdoc/>
    public PublicKey RemoteKey => remoteKey;

    /// <inheritdoc/>
    public Multiaddr Local => endpoints.Local;

    /// <inheritdoc/>
    public Multiaddr Remote => endpoints.Remote;

    /// <inheritdoc/>
    public ConnectionLimits? Limits => limits;

    /// <inheritdoc/>
    public Task<ConnectionEnd> Completion => muxed.Completion;

    /// <inheritdoc/>
    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default) => muxed.OpenStreamAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => muxed.AcceptStreamAsync(cancellationToken);

    /// <inheritdoc/>
    public void Abort(ConnectionErrorCode code) => muxed.Abort(code);

    /// <inheritdoc/>
    public object? GetFeature(Type type) => muxed.GetFeature(type) ?? secured.GetFeature(type);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => muxed.DisposeAsync();
}
