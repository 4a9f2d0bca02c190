using System.Buffers;
using System.Buffers.Binary;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests.Records;

/// <summary>What goes over the wire after the handshake, and what comes of it where it is not as it should be.</summary>
public sealed class TlsRecordTests
{
    private const int Overhead = 5 + 1 + 16;

    [Fact]
    public async Task A_header_and_a_lent_body_fill_whole_records_and_one_flush_sends_them()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Record = true, Capacity = 1 << 20 });
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        var start = (int)wire.ToListener.Sent;
        var gather = dialer.Connection.GetFeature(typeof(IGatherWriter)).ShouldBeAssignableTo<IGatherWriter>().ShouldNotBeNull();
        var header = DuplexBytes.Pattern(12, 1);
        var body = DuplexBytes.Pattern(65_507, 2);
        dialer.Connection.Output.Write(header);
        gather.Append(body);
        wire.ToListener.Sent.ShouldBe(start);
        await dialer.Connection.Output.FlushAsync().Within();
        Lengths(wire.ToListener.Recorded.AsSpan(start)).ShouldBe([16_384, 16_384, 16_384, 16_367]);
        (await listener.Connection.Input.ReadExactlyAsync(12 + 65_507).Within()).ShouldBeBytes([.. header, .. body]);
    }

    [Fact]
    public async Task Small_writes_share_a_record()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Record = true });
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        var start = (int)wire.ToListener.Sent;
        for (var i = 0; i < 100; i++) dialer.Connection.Output.Write(DuplexBytes.Pattern(30, i));
        await dialer.Connection.Output.FlushAsync().Within();
        Lengths(wire.ToListener.Recorded.AsSpan(start)).ShouldBe([3_000]);
        await listener.Connection.Input.ReadExactlyAsync(3_000).Within();
    }

    [Fact]
    public async Task A_wire_that_ends_without_the_closing_message_was_cut()
    {
        await using var wire = BytePair.Create();
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        await dialer.Connection.Output.WriteAsync("all of it?"u8.ToArray()).Within();
        wire.Dialer.Output.Complete();
        (await listener.Connection.Input.ReadExactlyAsync(10).Within()).ShouldBeBytes("all of it?"u8.ToArray());
        (await Should.ThrowAsync<SecureChannelException>(() => listener.Connection.Input.ReadAsync().Within())).Message.ShouldContain("close_notify");
    }

    [Fact]
    public async Task A_record_over_the_limit_ends_the_connection_by_its_header()
    {
        await using var wire = BytePair.Create();
        var (_, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        wire.ToListener.Inject([23, 3, 3, 0x41, 0x01]);
        (await Should.ThrowAsync<SecureChannelException>(() => listener.Connection.Input.ReadAsync().Within())).Message.ShouldContain("16641 bytes");
        wire.Listener.Aborts.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_reader_that_leaves_too_much_unconsumed_ends_the_connection_and_names_the_option()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Capacity = 1 << 20 });
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(new TlsOptions { MaxUnconsumedBytes = 128 * 1024 }), wire);
        var writing = dialer.Connection.Output.WriteAsync(new byte[400 * 1024]).AsTask();
        var error = await Should.ThrowAsync<SecureChannelException>(async () =>
        {
            while (true)
            {
                var read = await listener.Connection.Input.ReadAsync().Within();
                listener.Connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        });
        error.Message.ShouldContain(nameof(TlsOptions.MaxUnconsumedBytes));
        await Task.WhenAny(writing).Within();
    }

    [Fact]
    public async Task Memory_is_accounted_while_it_is_held_and_returned()
    {
        var scope = new TestScope();
        await using var wire = BytePair.Create(new BytePairOptions { Capacity = 1 << 20 });
        var result = await HandshakeResult.RunAsync(Channels.Create(), Channels.Create(), wire, Upgrading.Dialer(), Upgrading.Listener(scope: scope), Watchdog.Patience);
        var (dialer, listener) = (result.Dialer.ShouldNotBeNull(), result.Listener.ShouldNotBeNull());
        await dialer.Connection.Output.WriteAsync(new byte[100_000]).Within();
        var read = await listener.Connection.Input.ReadAtLeastAsync(100_000).AsTask().Within();
        scope.Reserved.ShouldBeGreaterThanOrEqualTo(100_000);
        listener.Connection.Input.AdvanceTo(read.Buffer.End);
        scope.Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Disposing_while_a_reader_waits_and_a_flush_is_held_ends_both()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Capacity = 1000 });
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        var reading = dialer.Connection.Input.ReadAsync().AsTask();
        var writing = dialer.Connection.Output.WriteAsync(new byte[100_000]).AsTask();
        writing.IsCompleted.ShouldBeFalse();
        await dialer.Connection.DisposeAsync().Within();
        await Should.ThrowAsync<TransportException>(() => reading.Within());
        await Task.WhenAny(writing).Within();
        await listener.Connection.DisposeAsync().Within();
    }

    /// <summary>The lengths of the plaintexts in what was sent.</summary>
    private static List<int> Lengths(ReadOnlySpan<byte> sent)
    {
        var lengths = new List<int>();
        while (!sent.IsEmpty)
        {
            var size = 5 + BinaryPrimitives.ReadUInt16BigEndian(sent[3..]);
            lengths.Add(size - Overhead);
            sent = sent[size..];
        }

        return lengths;
    }
}
