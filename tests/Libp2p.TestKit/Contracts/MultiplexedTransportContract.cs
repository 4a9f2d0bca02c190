using Libp2p.Multiformats;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>
/// What every <see cref="IMultiplexedTransport"/> keeps. Inherit <see cref="MuxedConnectionContract"/> and <see cref="MuxedStreamContract"/> as well, over
/// <see cref="ConnectStreamsAsync"/>.
/// </summary>
public abstract class MultiplexedTransportContract : TransportContract<ISecureConnection>
{
    /// <summary>A transport with its default options.</summary>
    protected abstract IMultiplexedTransport CreateTransport();

    private protected override ITransport Ranked => CreateTransport();

    /// <summary>Listens, dials, and gives both ends.</summary>
    public static async Task<MuxedPair> ConnectStreamsAsync(IMultiplexedTransport transport, Multiaddr listenAddress, TestRuntime runtime)
    {
        var listener = await transport.ListenAsync(listenAddress, new ListenContext { Runtime = runtime.Node, Identity = TestIdentity.Listener }).Within().ConfigureAwait(false);
        var dialing = transport.DialAsync(listener.Addresses[0], new DialContext { Runtime = runtime.Node, Identity = TestIdentity.Dialer }).AsTask();
        var incoming = await listener.AcceptAsync().Within().ConfigureAwait(false) ?? throw new InvalidOperationException("The listener was unbound.");
        var mine = await incoming.CompleteAsync(Upgrading.Listener(runtime)).Within().ConfigureAwait(false);
        return new MuxedPair(await dialing.Within().ConfigureAwait(false), mine, listener);
    }

    [Fact]
    public async Task Both_ends_know_the_key_and_the_address_of_the_other()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var pair = await ConnectAsync(listener);
        pair.Dialer.RemotePeer.ShouldBe(TestIdentity.Listener.PeerId);
        pair.Dialer.RemoteKey.ShouldBe(TestIdentity.Listener.PublicKey);
        pair.Dialer.Remote.ShouldBe(listener.Addresses[0]);
        pair.Listener.RemotePeer.ShouldBe(TestIdentity.Dialer.PeerId);
        pair.Listener.RemoteKey.ShouldBe(TestIdentity.Dialer.PublicKey);
        pair.Listener.Local.ShouldBe(listener.Addresses[0]);
        pair.Listener.Remote.ShouldBe(pair.Dialer.Local);
    }

    [Fact]
    public async Task Row11_Another_peer_than_the_one_dialed_fails_at_both_ends_and_the_dialer_names_it()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var dial = Dial(listener.Addresses[0], TestIdentity.Stranger.PeerId);
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        var completing = Concurrently.Run(async () => await incoming.CompleteAsync(ListenerContext()));
        var mismatch = await Assert.ThrowsAnyAsync<PeerIdMismatchException>(() => dial.Connection.Within(Patience));
        mismatch.Expected.ShouldBe(TestIdentity.Stranger.PeerId);
        mismatch.Actual.ShouldBe(TestIdentity.Listener.PeerId);
        // The listener may have finished its part of the handshake before the dialer turned away.
        try
        {
            var mine = await completing.Within(Patience);
            (await mine.AcceptStreamAsync().Within(Patience)).ShouldBeNull();
        }
        catch (Libp2pException)
        {
        }
    }

    [Fact]
    public async Task Row11_Another_peer_than_the_one_expected_to_dial_fails_at_both_ends_and_the_listener_names_it()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var dial = Dial(listener.Addresses[0]);
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        var mismatch = await Assert.ThrowsAnyAsync<PeerIdMismatchException>(
            () => incoming.CompleteAsync(ListenerContext(expected: TestIdentity.Stranger.PeerId)).Within(Patience));
        mismatch.Actual.ShouldBe(TestIdentity.Dialer.PeerId);
        try
        {
            (await (await dial.Connection.Within(Patience)).AcceptStreamAsync().Within(Patience)).ShouldBeNull();
        }
        catch (Libp2pException)
        {
        }
    }

    [Fact]
    public async Task The_identity_of_the_listener_is_that_of_the_handshake_and_not_of_the_bind()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var dial = Dial(listener.Addresses[0], TestIdentity.Stranger.PeerId);
        var incoming = (await listener.AcceptAsync().Within(Patience)).ShouldNotBeNull();
        await using var mine = await incoming.CompleteAsync(ListenerContext(TestIdentity.Stranger)).Within(Patience);
        (await dial.Connection.Within(Patience)).RemotePeer.ShouldBe(TestIdentity.Stranger.PeerId);
    }

    [Fact]
    public async Task Error_code_42_crosses()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var pair = await ConnectAsync(listener);
        var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await stream.Output.WriteAsync(new byte[1]).Within(Patience);
        var accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
        stream.Abort(StreamSide.Both, new StreamErrorCode(42));
        var reset = await Assert.ThrowsAnyAsync<StreamResetException>(() => accepted.Input.DrainAsync().Within(Patience));
        reset.Code.Value.ShouldBe(42u);
        reset.ByRemote.ShouldBeTrue();
    }

    private protected override ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken) =>
        CreateTransport().DialAsync(remote, context, cancellationToken);

    private protected override ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken) =>
        CreateTransport().ListenAsync(local, context, cancellationToken);

    private protected override async Task EchoAsync(ISecureConnection dialer, ISecureConnection listener)
    {
        var serving = ServeOneAsync(listener);
        await AskOneAsync(dialer).ConfigureAwait(false);
        await serving.ConfigureAwait(false);
    }

    private protected override async Task ServeOneAsync(ISecureConnection connection)
    {
        var stream = (await connection.AcceptStreamAsync().ConfigureAwait(false)).ShouldNotBeNull();
        await stream.EchoAsync().ConfigureAwait(false);
    }

    private protected override async Task AskOneAsync(ISecureConnection connection)
    {
        var stream = await connection.OpenStreamAsync().ConfigureAwait(false);
        var message = DuplexBytes.Pattern(10_000);
        await stream.Output.WriteToEndAsync(message).ConfigureAwait(false);
        (await stream.Input.ReadToEndAsync().ConfigureAwait(false)).ShouldBeBytes(message);
    }

    private protected override async Task FailsOrEndsAsync(ISecureConnection connection)
    {
        var end = await connection.Completion.ConfigureAwait(false);
        throw new ConnectionClosedException(end);
    }
}
