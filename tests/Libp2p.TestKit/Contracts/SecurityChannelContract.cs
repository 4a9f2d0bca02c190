using System.Collections.Immutable;
using Libp2p.Multiformats;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>
/// What every <see cref="ISecurityChannel"/> keeps. Inherit <see cref="ByteConnectionContract"/> as well, over <see cref="ConnectSecuredAsync"/>: the secured bytes are
/// a byte connection like any other.
/// </summary>
public abstract partial class SecurityChannelContract
{
    /// <summary>A channel; its identity comes with the context.</summary>
    protected abstract ISecurityChannel CreateChannel();

    /// <summary>Whether the bytes on the wire are unreadable and authenticated. False only for plaintext.</summary>
    protected virtual bool Encrypts => true;

    /// <summary>Whether the handshake can choose the muxer.</summary>
    protected virtual bool ChoosesMuxerEarly => false;

    /// <summary>Whether the dialer is done once it has sent its last message (Noise XX), rather than waiting for an answer to it.</summary>
    protected virtual bool DialerSpeaksLast => true;

    /// <summary>Whether <see cref="UpgradeContext.Prologue"/> is bound into the handshake.</summary>
    protected virtual bool BindsPrologue => false;

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    /// <summary>Secures a pair whose ends expect each other; fails when the handshake does.</summary>
    public static async Task<(SecuredBytes Dialer, SecuredBytes Listener)> ConnectSecuredAsync(ISecurityChannel dialer, ISecurityChannel listener, BytePair wire)
    {
        var both = await HandshakeResult.RunAsync(
            dialer, listener, wire,
            Upgrading.Dialer(expected: TestIdentity.Listener.PeerId), Upgrading.Listener(), Watchdog.Patience).ConfigureAwait(false);
        if (both is { Dialer: { } mine, Listener: { } theirs }) return (mine, theirs);
        throw new InvalidOperationException($"The handshake failed: {both.DialerError?.Message} / {both.ListenerError?.Message}", both.DialerError ?? both.ListenerError);
    }

    [Fact]
    public void It_has_a_protocol_id() => CreateChannel().Protocol.Value.Length.ShouldBeGreaterThan(1);

    [Fact]
    public async Task A_dialer_that_speaks_first_does_so_without_having_read()
    {
        var channel = CreateChannel();
        if (!channel.DialerSpeaksFirst) return;
        await using var wire = BytePair.Create();
        var securing = channel.SecureAsync(wire.Dialer, Upgrading.Dialer()).AsTask();
        await Quiet.UntilAsync(() => wire.ToListener.Sent, securing);
        wire.ToListener.Sent.ShouldBeGreaterThan(0);
        wire.Dialer.Abort(null);
        await Ended.AsExpectedAsync(securing, Patience);
    }

    [Fact]
    public async Task Both_ends_learn_the_key_of_the_other()
    {
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecureAsync(wire);
        dialer.RemoteKey.ShouldBe(TestIdentity.Listener.PublicKey);
        listener.RemoteKey.ShouldBe(TestIdentity.Dialer.PublicKey);
    }

    [Theory]
    [InlineData(KeyType.Rsa)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    public async Task Every_kind_of_key_works(KeyType type)
    {
        await using var wire = BytePair.Create();
        using var key = PrivateKey.Generate(type);
        var identity = new NodeIdentity(key);
        var result = await HandshakeResult.RunAsync(
            CreateChannel(), CreateChannel(), wire,
            With(Upgrading.Dialer(expected: identity.PeerId), TestIdentity.Dialer), With(Upgrading.Listener(), identity), Patience);
        result.Dialer.ShouldNotBeNull(result.DialerError?.Message).RemoteKey.ShouldBe(identity.PublicKey);
        result.Listener.ShouldNotBeNull(result.ListenerError?.Message).RemoteKey.ShouldBe(TestIdentity.Dialer.PublicKey);
    }

    [Fact]
    public async Task Anyone_may_answer_where_nobody_is_expected()
    {
        await using var wire = BytePair.Create();
        var result = await ShakeAsync(wire, Upgrading.Dialer(), Upgrading.Listener());
        result.Dialer.ShouldNotBeNull(result.DialerError?.Message).RemoteKey.ShouldBe(TestIdentity.Listener.PublicKey);
        result.Listener.ShouldNotBeNull(result.ListenerError?.Message);
    }

    [Fact]
    public async Task Row11_Another_peer_than_the_one_dialed_fails_at_both_ends_and_the_dialer_names_it()
    {
        await using var wire = BytePair.Create();
        var result = await ShakeAsync(wire, Upgrading.Dialer(expected: TestIdentity.Stranger.PeerId), Upgrading.Listener());
        var mismatch = result.DialerError.ShouldBeOfType<PeerIdMismatchException>();
        mismatch.Expected.ShouldBe(TestIdentity.Stranger.PeerId);
        mismatch.Actual.ShouldBe(TestIdentity.Listener.PeerId);
        await FailsAtTheLatestWhenReadAsync(result.Listener, result.ListenerError);
    }

    [Fact]
    public async Task Row11_Another_peer_than_the_one_expected_to_dial_fails_at_both_ends_and_the_listener_names_it()
    {
        await using var wire = BytePair.Create();
        var result = await ShakeAsync(wire, Upgrading.Dialer(expected: TestIdentity.Listener.PeerId), Upgrading.Listener(expected: TestIdentity.Stranger.PeerId));
        var mismatch = result.ListenerError.ShouldBeOfType<PeerIdMismatchException>();
        mismatch.Expected.ShouldBe(TestIdentity.Stranger.PeerId);
        mismatch.Actual.ShouldBe(TestIdentity.Dialer.PeerId);
        await FailsAtTheLatestWhenReadAsync(result.Dialer, result.DialerError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_pass_whatever_the_pieces_in_which_the_wire_delivers_them(bool gather)
    {
        foreach (var segmentation in new[] { MemorySegmentation.SingleBytes, MemorySegmentation.ScatteredBytes, MemorySegmentation.Seeded(5, 30), MemorySegmentation.Whole })
        {
            await using var wire = BytePair.Create(new BytePairOptions { Segmentation = segmentation, GatherWriter = gather });
            var (dialer, listener) = await SecureAsync(wire);
            var message = DuplexBytes.Pattern(20_000);
            var writing = dialer.Connection.Output.WriteToEndAsync(message, 7000);
            (await listener.Connection.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(message);
            await writing.Within(Patience);
        }
    }

    [Fact]
    public async Task A_large_payload_passes_both_ways_at_once()
    {
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecureAsync(wire);
        var payload = DuplexBytes.Pattern(Concurrently.Large(4 * 1024 * 1024));
        var writes = Task.WhenAll(dialer.Connection.Output.WriteToEndAsync(payload, payload.Length), listener.Connection.Output.WriteToEndAsync(payload));
        foreach (var read in await Task.WhenAll(listener.Connection.Input.ReadToEndAsync(), dialer.Connection.Input.ReadToEndAsync()).Within(Patience))
        {
            read.ShouldBeBytes(payload);
        }

        await writes.Within(Patience);
    }

    [Fact]
    public async Task Data_that_arrives_together_with_the_end_of_the_handshake_is_not_lost()
    {
        var last = 0L;
        await using (var rehearsal = BytePair.Create())
        {
            rehearsal.ToListener.Tamper = (offset, bytes) =>
            {
                last = offset;
                return bytes;
            };
            await SecureAsync(rehearsal);
        }

        // Holds the dialer's last message of the handshake back until data follows it.
        await using var wire = BytePair.Create();
        byte[] held = [];
        wire.ToListener.Tamper = (offset, bytes) =>
        {
            var passing = offset == last ? [] : (byte[])[.. held, .. bytes];
            held = offset == last ? bytes : [];
            return passing;
        };
        var listening = CreateChannel().SecureAsync(wire.Listener, Upgrading.Listener()).AsTask();
        var dialing = CreateChannel().SecureAsync(wire.Dialer, Upgrading.Dialer(expected: TestIdentity.Listener.PeerId)).AsTask();
        if (!DialerSpeaksLast)
        {
            // It waits for an answer to its last message, and so cannot send data with it.
            await Watchdog.Eventually(() => Volatile.Read(ref held).Length > 0, Patience, "the dialer's last message");
            wire.ToListener.Inject(held);
            held = [];
        }

        var dialer = await dialing.Within(Patience);
        await dialer.Connection.Output.WriteAsync("at once"u8.ToArray()).Within(Patience);
        var listener = await listening.Within(Patience);
        (await listener.Connection.Input.ReadExactlyAsync(7).Within(Patience)).ShouldBeBytes("at once"u8.ToArray());
    }

    [Fact]
    public async Task Equal_prologues_agree_and_different_ones_do_not()
    {
        if (!BindsPrologue) return;
        await using var equal = BytePair.Create();
        var agreed = await ShakeAsync(equal, Upgrading.Dialer(prologue: "a"u8.ToArray()), Upgrading.Listener(prologue: "a"u8.ToArray()));
        agreed.Dialer.ShouldNotBeNull(agreed.DialerError?.Message);
        agreed.Listener.ShouldNotBeNull(agreed.ListenerError?.Message);
        await using var different = BytePair.Create();
        var refused = await ShakeAsync(different, Upgrading.Dialer(prologue: "a"u8.ToArray()), Upgrading.Listener(prologue: "b"u8.ToArray()));
        refused.DialerError.ShouldBeAssignableTo<Libp2pException>().ShouldNotBeNull();
        refused.ListenerError.ShouldBeAssignableTo<Libp2pException>().ShouldNotBeNull();
    }

    [Fact]
    public async Task An_early_muxer_is_the_same_at_both_ends_and_offered_by_both()
    {
        if (!ChoosesMuxerEarly) return;
        (await EarlyAsync(["/a", "/b", "/c"], ["/c", "/b"])).ShouldBeOneOf("/b", "/c");
        (await EarlyAsync(["/a"], ["/a"])).ShouldBe("/a");
    }

    [Fact]
    public async Task Without_a_common_early_muxer_it_is_left_to_be_negotiated()
    {
        (await EarlyAsync(["/a"], ["/b"])).ShouldBeNull();
        (await EarlyAsync(["/a"], [])).ShouldBeNull();
        (await EarlyAsync([], ["/a"])).ShouldBeNull();
        (await EarlyAsync([], [])).ShouldBeNull();
    }

    [Theory]
    [InlineData(ConnectionRole.Dialer)]
    [InlineData(ConnectionRole.Listener)]
    public async Task A_handshake_with_a_silent_remote_can_be_cancelled(ConnectionRole role)
    {
        await using var wire = BytePair.Create();
        using var cancel = new CancellationTokenSource();
        var handshake = role == ConnectionRole.Dialer
            ? CreateChannel().SecureAsync(wire.Dialer, Upgrading.Dialer(), cancel.Token)
            : CreateChannel().SecureAsync(wire.Listener, Upgrading.Listener(), cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handshake.Within(Patience));
    }

    [Theory]
    [InlineData(ConnectionRole.Dialer)]
    [InlineData(ConnectionRole.Listener)]
    public async Task A_handshake_that_is_cancelled_already_fails(ConnectionRole role)
    {
        await using var wire = BytePair.Create();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (role == ConnectionRole.Dialer
            ? CreateChannel().SecureAsync(wire.Dialer, Upgrading.Dialer(), cancelled)
            : CreateChannel().SecureAsync(wire.Listener, Upgrading.Listener(), cancelled)).Within(Patience));
    }

    [Theory]
    [InlineData(ConnectionRole.Dialer, true)]
    [InlineData(ConnectionRole.Listener, true)]
    [InlineData(ConnectionRole.Dialer, false)]
    [InlineData(ConnectionRole.Listener, false)]
    public async Task A_remote_that_leaves_during_the_handshake_fails_it(ConnectionRole role, bool abort)
    {
        await using var wire = BytePair.Create();
        var (mine, theirs) = role == ConnectionRole.Dialer ? (wire.Dialer, wire.Listener) : (wire.Listener, wire.Dialer);
        var handshake = CreateChannel().SecureAsync(mine, role == ConnectionRole.Dialer ? Upgrading.Dialer() : Upgrading.Listener());
        if (abort) theirs.Abort(null);
        else await theirs.DisposeAsync();
        await Assert.ThrowsAnyAsync<Libp2pException>(() => handshake.Within(Patience));
    }

    [Fact]
    public async Task Closing_the_secured_bytes_closes_the_wire_and_aborting_aborts_it()
    {
        await using var first = BytePair.Create();
        var (dialer, _) = await SecureAsync(first);
        await dialer.Connection.DisposeAsync().Within(Patience);
        first.Dialer.IsDisposed.ShouldBeTrue();
        await using var second = BytePair.Create();
        (dialer, var listener) = await SecureAsync(second);
        dialer.Connection.Abort(new InvalidOperationException("test"));
        second.Dialer.Aborts.ShouldBeGreaterThan(0);
        await listener.Connection.Closed.Within(Patience);
    }

    [Fact]
    public async Task Features_of_the_wire_are_forwarded()
    {
        var endpoints = new ConnectionEndpoints(Multiaddr.Parse("/ip4/192.0.2.1/tcp/1"), Multiaddr.Parse("/ip4/192.0.2.2/tcp/2"));
        await using var wire = BytePair.Create(new BytePairOptions { Endpoints = endpoints });
        var (dialer, _) = await SecureAsync(wire);
        dialer.Connection.GetFeature(typeof(ConnectionEndpoints)).ShouldBe(endpoints);
    }

    private static UpgradeContext With(UpgradeContext context, NodeIdentity identity) => new()
    {
        Runtime = context.Runtime,
        Identity = identity,
        Direction = context.Direction,
        Role = context.Role,
        Expected = context.Expected,
    };

    private async Task<(SecuredBytes Dialer, SecuredBytes Listener)> SecureAsync(BytePair wire) => await ConnectSecuredAsync(CreateChannel(), CreateChannel(), wire);

    private Task<HandshakeResult> ShakeAsync(BytePair wire, UpgradeContext dialing, UpgradeContext listening) =>
        HandshakeResult.RunAsync(CreateChannel(), CreateChannel(), wire, dialing, listening, Patience);

    private async Task<string?> EarlyAsync(ImmutableArray<ProtocolId> dialer, ImmutableArray<ProtocolId> listener)
    {
        await using var wire = BytePair.Create();
        var result = await ShakeAsync(wire, Upgrading.Dialer(muxers: dialer), Upgrading.Listener(muxers: listener));
        var chosen = result.Dialer.ShouldNotBeNull(result.DialerError?.Message).EarlyMuxer;
        result.Listener.ShouldNotBeNull(result.ListenerError?.Message).EarlyMuxer.ShouldBe(chosen);
        return chosen?.Value;
    }

    private async Task FailsAtTheLatestWhenReadAsync(SecuredBytes? secured, Exception? error)
    {
        if (secured is null) error.ShouldBeAssignableTo<Libp2pException>();
        else await Assert.ThrowsAnyAsync<Libp2pException>(() => secured.Connection.Input.ReadAsync().Within(Patience));
    }
}
