using Libp2p.Multiformats;

namespace Libp2p.TestKit.Probes;

/// <summary>The dialer's half of a handshake under way; it crosses the network as it is.</summary>
internal sealed class FakeQuicDial(Multiaddr local, Multiaddr remote, DialContext context)
{
    private readonly TaskCompletionSource<ISecureConnection> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Multiaddr Local { get; } = local;

    public Multiaddr Remote { get; } = remote;

    public DialContext Context { get; } = context;

    /// <summary>Whether the dialer has come back with the token of a Retry.</summary>
    public bool AddressValidated { get; set; }

    public Task<ISecureConnection> Outcome => _outcome.Task;

    public bool Finish(ISecureConnection connection) => _outcome.TrySetResult(connection);

    public void Fail(Exception why)
    {
        if (_outcome.TrySetException(why)) _ = _outcome.Task.Exception;
    }

    public void Abandon() => _outcome.TrySetCanceled();
}

/// <summary>A connection that arrived at a fake QUIC listener: a first packet, nothing else.</summary>
internal sealed class FakeQuicIncoming(FakeQuicNetwork network, FakeQuicDial dial) : IIncoming<ISecureConnection>
{
    private int _decided;

    public Multiaddr Local => dial.Remote;

    public Multiaddr Remote => dial.Local;

    public bool AddressValidated => dial.AddressValidated;

    public bool IsAbandoned => dial.Outcome.IsCompleted;

    public ValueTask<ISecureConnection> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ISecureConnection>(cancellationToken);
        if (Interlocked.Exchange(ref _decided, 1) != 0) throw new InvalidOperationException("It was completed, retried or refused already.");
        try
        {
            return new(ShakeHands(context));
        }
        catch (Libp2pException error)
        {
            dial.Fail(new SecureChannelException("The listener gave the handshake up.", error));
            return ValueTask.FromException<ISecureConnection>(error);
        }
    }

    public bool TryRetry()
    {
        if (dial.AddressValidated || Interlocked.Exchange(ref _decided, 1) != 0) return false;
        dial.AddressValidated = true;
        try
        {
            network.Deliver(dial);
        }
        catch (TransportException error)
        {
            dial.Fail(error);
        }

        return true;
    }

    public void Refuse()
    {
        if (Interlocked.Exchange(ref _decided, 1) == 0) dial.Fail(new TransportException($"{Local} refused the connection.", Local));
    }

    public ValueTask DisposeAsync()
    {
        Refuse();
        return ValueTask.CompletedTask;
    }

    private FakeQuicConnection ShakeHands(UpgradeContext context)
    {
        var (mine, theirs) = (context.Identity, dial.Context.Identity);
        var listenerKey = Prove(mine, dial.Context.Runtime.Random);
        var dialerKey = Prove(theirs, context.Runtime.Random);
        if (dial.Context.Expected is { } wanted && wanted != listenerKey.PeerId)
        {
            dial.Fail(new PeerIdMismatchException(wanted, listenerKey.PeerId));
            throw new SecureChannelException("The dialer expected somebody else.");
        }

        if (context.Expected is { } expected && expected != dialerKey.PeerId) throw new PeerIdMismatchException(expected, dialerKey.PeerId);
        var (dialer, listener) = MemoryMuxedConnection.Create();
        return dial.Finish(new FakeQuicConnection(dialer, listenerKey, dial.Local, dial.Remote))
            ? new FakeQuicConnection(listener, dialerKey, dial.Remote, dial.Local)
            : throw new TransportException("The dialer left during the handshake.", Remote);
    }

    // The challenger draws the nonce; the prover signs it.
    private static PublicKey Prove(NodeIdentity prover, RandomSource challenger)
    {
        Span<byte> nonce = stackalloc byte[32];
        challenger.Fill(nonce);
        var signature = prover.Key.Sign(nonce);
        return prover.PublicKey.Verify(nonce, signature) ? prover.PublicKey : throw new SecureChannelException("The signature is not that of the key.");
    }
}

/// <summary>A muxed connection in memory that knows its peer.</summary>
internal sealed class FakeQuicConnection(MemoryMuxedConnection muxed, PublicKey remoteKey, Multiaddr local, Multiaddr remote) : ISecureConnection
{
    public PeerId RemotePeer => RemoteKey.PeerId;

    public PublicKey RemoteKey { get; } = remoteKey;

    public Multiaddr Local { get; } = local;

    public Multiaddr Remote { get; } = remote;

    public ConnectionLimits? Limits => null;

    public Task<ConnectionEnd> Completion => muxed.Completion;

    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default) => muxed.OpenStreamAsync(cancellationToken);

    public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => muxed.AcceptStreamAsync(cancellationToken);

    public void Abort(ConnectionErrorCode code) => muxed.Abort(code);

    public object? GetFeature(Type type) => muxed.GetFeature(type);

    public ValueTask DisposeAsync() => muxed.DisposeAsync();
}
