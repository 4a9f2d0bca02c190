using Libp2p.TestKit;

namespace Libp2p.Security.PrivateNetwork.Tests;

public class ProtectedConnectionContractTests : ByteConnectionContract
{
    protected override async ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var wire = BytePair.Create();
        var (dialer, listener) = await Pairs.ProtectAsync(wire, 1, 1);
        return new ByteConnectionPair(dialer, listener, wire);
    }
}

public sealed class ProtectedConnectionInSimulation : SimulatedSuite<ProtectedConnectionContractTests>;

public sealed class ProtectorTests
{
    [Fact]
    public async Task The_wire_shows_nonces_and_nothing_of_what_is_sent()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Record = true });
        var (dialer, listener) = await Pairs.ProtectAsync(wire, 1, 1);
        var secret = "the same secret, the same secret"u8.ToArray();
        await dialer.Output.WriteAsync(secret).AsTask().Within();
        (await listener.Input.ReadExactlyAsync(secret.Length).Within()).ShouldBeBytes(secret);
        wire.ToListener.Sent.ShouldBe(XSalsa20.NonceSize + secret.Length);
        wire.ToListener.Recorded.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
        wire.ToDialer.Recorded.AsSpan().SequenceEqual(wire.ToListener.Recorded.AsSpan(0, XSalsa20.NonceSize)).ShouldBeFalse();
    }

    [Fact]
    public async Task Row19_With_another_key_nothing_of_what_was_sent_is_read()
    {
        await using var wire = BytePair.Create();
        var (dialer, listener) = await Pairs.ProtectAsync(wire, 1, 2);
        var sent = DuplexBytes.Pattern(4096);
        await dialer.Output.WriteAsync(sent).AsTask().Within();
        var read = await listener.Input.ReadExactlyAsync(sent.Length).Within();
        for (var at = 0; at + 8 <= sent.Length; at += 8) read.AsSpan(at, 8).SequenceEqual(sent.AsSpan(at, 8)).ShouldBeFalse();
    }

    [Fact]
    public async Task Bytes_pass_whatever_the_pieces_in_which_the_wire_delivers_them()
    {
        foreach (var segmentation in new[] { MemorySegmentation.SingleBytes, MemorySegmentation.ScatteredBytes, MemorySegmentation.Seeded(5, 30) })
        {
            await using var wire = BytePair.Create(new BytePairOptions { Segmentation = segmentation });
            var (dialer, listener) = await Pairs.ProtectAsync(wire, 3, 3);
            var message = DuplexBytes.Pattern(20_000);
            var writing = dialer.Output.WriteToEndAsync(message, 7000);
            (await listener.Input.ReadToEndAsync().Within()).ShouldBeBytes(message);
            await writing.Within();
        }
    }

    [Fact]
    public async Task Memory_is_not_lent_to_the_wire()
    {
        await using var wire = BytePair.Create();
        var (dialer, _) = await Pairs.ProtectAsync(wire, 1, 1);
        wire.Dialer.GetFeature(typeof(IGatherWriter)).ShouldNotBeNull();
        dialer.GetFeature(typeof(IGatherWriter)).ShouldBeNull();
    }

    [Fact]
    public async Task Row6_A_remote_that_sends_no_nonce_is_given_up_by_the_callers_token()
    {
        await using var wire = BytePair.Create();
        using var cancel = new CancellationTokenSource();
        var protecting = Pairs.Protector(1).ProtectAsync(wire.Dialer, Upgrading.Dialer(), cancel.Token).AsTask();
        wire.ToDialer.Inject(new byte[XSalsa20.NonceSize - 1]);
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => protecting.Within());
    }

    [Fact]
    public async Task A_remote_that_leaves_before_its_nonce_fails_it()
    {
        await using var wire = BytePair.Create();
        var protecting = Pairs.Protector(1).ProtectAsync(wire.Dialer, Upgrading.Dialer()).AsTask();
        await wire.Listener.DisposeAsync();
        await Should.ThrowAsync<Libp2pException>(() => protecting.Within());
    }

    [Fact]
    public async Task A_key_that_cannot_be_used_lets_no_connection_come_about()
    {
        await using var wire = BytePair.Create();
        (await Should.ThrowAsync<SecureChannelException>(async () => await new RefusingProtector("no such file").ProtectAsync(wire.Dialer, Upgrading.Dialer()))).Message.ShouldContain("no such file");
        wire.ToListener.Sent.ShouldBe(0);
    }
}

internal static class Pairs
{
    public static PrivateNetworkProtector Protector(byte key)
    {
        var bytes = new byte[PreSharedKey.Size];
        bytes.AsSpan().Fill(key);
        return new PrivateNetworkProtector(PreSharedKey.Parse([.. "/key/swarm/psk/1.0.0/\n/bin/\n"u8, .. bytes]));
    }

    public static async Task<(IByteConnection Dialer, IByteConnection Listener)> ProtectAsync(BytePair wire, byte dialerKey, byte listenerKey)
    {
        var dialer = Protector(dialerKey).ProtectAsync(wire.Dialer, Upgrading.Dialer()).AsTask();
        var listener = Protector(listenerKey).ProtectAsync(wire.Listener, Upgrading.Listener()).AsTask();
        return (await dialer.Within(), await listener.Within());
    }
}
