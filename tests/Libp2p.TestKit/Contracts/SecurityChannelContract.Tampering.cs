using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

public abstract partial class SecurityChannelContract
{
    /// <summary>Every how many bytes of the handshake one is altered; raise it for slow handshakes. Default 7.</summary>
    protected virtual int TamperStride => 7;

    /// <summary>
    /// Whether a handshake fails in which this byte was altered. Not where its receiver has to ignore it, or reads it only with the data behind the handshake. Default: always.
    /// </summary>
    /// <param name="sender">Whose byte it is.</param>
    /// <param name="sent">What the sender has sent meanwhile, as it left.</param>
    /// <param name="at">Where the byte is in it.</param>
    protected virtual bool IsMinded(ConnectionRole sender, ReadOnlySpan<byte> sent, int at) => true;

    [Fact]
    public async Task The_wire_shows_nothing_of_what_is_sent()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create(new BytePairOptions { Record = true });
        var (dialer, listener) = await SecureAsync(wire);
        var secret = "the same secret, the same secret, the same secret"u8.ToArray();
        foreach (var (from, to) in new[] { (dialer, listener), (listener, dialer) })
        {
            await from.Connection.Output.WriteAsync(secret).Within(Patience);
            (await to.Connection.Input.ReadExactlyAsync(secret.Length).Within(Patience)).ShouldBeBytes(secret);
        }

        wire.ToListener.Recorded.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
        wire.ToDialer.Recorded.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public async Task The_same_bytes_never_look_the_same_twice()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create(new BytePairOptions { Record = true });
        var (dialer, listener) = await SecureAsync(wire);
        var start = (int)wire.ToListener.Sent;
        for (var i = 0; i < 2; i++)
        {
            await dialer.Connection.Output.WriteAsync(new byte[64]).Within(Patience);
            await listener.Connection.Input.ReadExactlyAsync(64).Within(Patience);
        }

        var sent = wire.ToListener.Recorded[start..];
        sent.AsSpan(0, sent.Length / 2).SequenceEqual(sent.AsSpan(sent.Length / 2)).ShouldBeFalse();
    }

    [Fact]
    public async Task Row10_A_handshake_altered_anywhere_never_succeeds_at_both_ends()
    {
        if (!Encrypts) return;
        long up, down;
        await using (var plain = BytePair.Create())
        {
            await SecureAsync(plain);
            (up, down) = (plain.ToListener.Sent, plain.ToDialer.Sent);
        }

        for (var at = 0L; at < up + down; at += at < 8 ? 1 : TamperStride)
        {
            await using var wire = BytePair.Create(new BytePairOptions { Record = true });
            (at < up ? wire.ToListener : wire.ToDialer).FlipBit(at < up ? at : at - up, (int)(at % 8));
            var shaking = ShakeAsync(wire, Upgrading.Dialer(expected: TestIdentity.Listener.PeerId), Upgrading.Listener());
            // A longer length makes both ends wait for each other: what an upgrade's deadline would end, the end of the wire ends here.
            await Quiet.UntilAsync(() => wire.ToListener.Sent + wire.ToDialer.Sent, shaking);
            if (!shaking.IsCompleted) wire.Dialer.Abort(null);
            var result = await shaking.Within(Patience);
            var (sender, sent, offset) = at < up ? (ConnectionRole.Dialer, wire.ToListener.Recorded, (int)at) : (ConnectionRole.Listener, wire.ToDialer.Recorded, (int)(at - up));

            // Signatures differ in length, so that the last bytes of one handshake may not be there in another.
            var minded = offset < sent.Length && IsMinded(sender, sent, offset);
            (result.Dialer is not null && result.Listener is not null && minded).ShouldBeFalse($"byte {at} of {up} + {down} was altered and nobody minded");
            if (result.DialerError is { } dialerError) dialerError.ShouldBeAssignableTo<Libp2pException>($"byte {at}: {dialerError}");
            if (result.ListenerError is { } listenerError) listenerError.ShouldBeAssignableTo<Libp2pException>($"byte {at}: {listenerError}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Garbage_instead_of_a_handshake_fails_both_ends(int seed)
    {
        await using var wire = BytePair.Create();
        wire.ToListener.Tamper = (_, bytes) => DuplexBytes.Pattern(bytes.Length, seed);
        wire.ToDialer.Tamper = (_, bytes) => DuplexBytes.Pattern(bytes.Length, seed);
        var shaking = ShakeAsync(wire, Upgrading.Dialer(), Upgrading.Listener());
        await Quiet.UntilAsync(() => wire.ToListener.Sent + wire.ToDialer.Sent, shaking);
        if (!shaking.IsCompleted) wire.Dialer.Abort(null);
        var result = await shaking.Within(Patience);
        result.DialerError.ShouldBeAssignableTo<Libp2pException>().ShouldNotBeNull();
        result.ListenerError.ShouldBeAssignableTo<Libp2pException>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Row15_An_altered_ciphertext_fails_the_read_for_good_and_delivers_nothing()
    {
        if (!Encrypts) return;
        for (var at = 0; at < 40; at++)
        {
            await using var wire = BytePair.Create();
            var (dialer, listener) = await SecureAsync(wire);
            wire.ToListener.FlipBit(wire.ToListener.Sent + at, at % 8);
            await dialer.Connection.Output.WriteAsync(new byte[64]).Within(Patience);
            await dialer.Connection.Output.CompleteAsync();
            await FailsForGoodAsync(listener, $"byte {at} of the message was altered");
        }
    }

    [Fact]
    public async Task Plaintext_after_the_handshake_fails_the_read()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create();
        var (_, listener) = await SecureAsync(wire);
        wire.ToListener.Inject("\u0000\u0040"u8);
        wire.ToListener.Inject(new byte[64]);
        wire.Dialer.Output.Complete();
        await FailsForGoodAsync(listener, "plaintext was injected");
    }

    [Fact]
    public async Task A_lost_message_fails_the_read()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecureAsync(wire);
        var start = wire.ToListener.Sent;
        wire.ToListener.Tamper = (offset, bytes) => offset == start ? [] : bytes;
        await dialer.Connection.Output.WriteAsync(new byte[64]).Within(Patience);
        await dialer.Connection.Output.WriteAsync(new byte[64]).Within(Patience);
        dialer.Connection.Output.Complete();
        await FailsForGoodAsync(listener, "a message was lost");
    }

    [Fact]
    public async Task A_repeated_message_is_delivered_once_and_then_fails_the_read()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecureAsync(wire);
        wire.ToListener.Tamper = (_, bytes) => [.. bytes, .. bytes];
        await dialer.Connection.Output.WriteAsync("once"u8.ToArray()).Within(Patience);
        (await listener.Connection.Input.ReadExactlyAsync(4).Within(Patience)).ShouldBeBytes("once"u8.ToArray());
        await FailsForGoodAsync(listener, "a message was repeated");
    }

    [Fact]
    public async Task A_message_that_is_cut_off_is_a_failure_and_not_an_end()
    {
        if (!Encrypts) return;
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecureAsync(wire);
        wire.ToListener.Tamper = (_, bytes) => bytes[..^1];
        await dialer.Connection.Output.WriteAsync(new byte[64]).Within(Patience);
        await wire.Dialer.DisposeAsync();
        await FailsForGoodAsync(listener, "the message was cut off");
    }

    private async Task FailsForGoodAsync(SecuredBytes secured, string why)
    {
        for (var i = 0; i < 2; i++)
        {
            try
            {
                var read = await secured.Connection.Input.ReadAsync().Within(Patience);
                read.Buffer.Length.ShouldBe(0, why);
                read.IsCompleted.ShouldBeFalse($"{why}, and it looked like the end");
            }
            catch (Libp2pException)
            {
                continue;
            }

            throw new ShouldAssertException($"{why}, and the read did not fail.");
        }
    }
}
