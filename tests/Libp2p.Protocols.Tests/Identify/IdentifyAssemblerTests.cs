using System.Buffers;
using Libp2p.Protocols.Identify;
using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class IdentifyAssemblerTests
{
    private static readonly Message _first = new()
    {
        ProtocolVersion = "ipfs/0.1.0",
        AgentVersion = "test/1",
        PublicKey = new byte[36],
        ObservedAddr = new byte[] { 4, 127, 0, 0, 1 },
        ListenAddrs = { new byte[] { 4, 10, 0, 0, 1 } },
        Protocols = { "/a", "/b" },
    };

    private static readonly Message _second = new() { SignedPeerRecord = new byte[200], Protocols = { "/c" }, AgentVersion = "test/2" };

    private static byte[] Both => [.. _first.ToDelimitedArray(), .. _second.ToDelimitedArray()];

    [Fact]
    public void Parts_merge_however_they_are_cut()
    {
        var bytes = Both;
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var assembler = new IdentifyAssembler();
            var received = new ReadOnlySequence<byte>(bytes, 0, cut);
            assembler.Take(ref received);
            var left = (int)received.Length;
            received = new ReadOnlySequence<byte>(bytes[(cut - left)..]);
            assembler.Take(ref received);

            received.IsEmpty.ShouldBeTrue();
            var message = assembler.Message;
            message.AgentVersion.ShouldBe("test/2");
            message.ProtocolVersion.ShouldBe("ipfs/0.1.0");
            message.Protocols.ShouldBe(["/a", "/b", "/c"]);
            message.ListenAddrs.Count.ShouldBe(1);
            message.SignedPeerRecord!.Value.Length.ShouldBe(200);
        }
    }

    [Fact]
    public void Every_prefix_waits_for_more_and_takes_only_whole_parts()
    {
        var bytes = Both;
        var first = _first.ToDelimitedArray().Length;
        for (var length = 0; length < bytes.Length; length++)
        {
            var assembler = new IdentifyAssembler();
            var received = new ReadOnlySequence<byte>(bytes, 0, length);
            assembler.Take(ref received);
            assembler.HasMessage.ShouldBe(length >= first);
            received.Length.ShouldBe(length >= first ? length - first : length);
        }
    }

    [Fact]
    public void Every_prefix_of_a_part_that_claims_to_be_whole_is_refused_or_a_message()
    {
        var body = _first.ToArray();
        for (var length = 0; length < body.Length; length++)
        {
            var received = new ReadOnlySequence<byte>([.. Length(length), .. body.AsSpan(0, length)]);
            try
            {
                new IdentifyAssembler().Take(ref received);
                received.IsEmpty.ShouldBeTrue();
            }
            catch (WireFormatException e)
            {
                e.Error.ShouldBe(WireError.Truncated);
            }
        }
    }

    [Fact]
    public void Row40_A_part_of_more_than_8_KiB_is_refused_by_its_length_alone()
    {
        var received = new ReadOnlySequence<byte>(Length(8192));
        new IdentifyAssembler().Take(ref received);
        foreach (var length in new[] { 8193, 1 << 20, int.MaxValue })
        {
            var longer = new ReadOnlySequence<byte>(Length(length));
            Should.Throw<WireFormatException>(() => new IdentifyAssembler().Take(ref longer)).Error.ShouldBe(WireError.MessageTooLarge);
        }
    }

    [Fact]
    public void Row40_More_than_10_parts_are_refused()
    {
        var part = new Message { AgentVersion = "x" }.ToDelimitedArray();
        var ten = new ReadOnlySequence<byte>(Enumerable.Repeat(part, 10).SelectMany(static bytes => bytes).ToArray());
        var assembler = new IdentifyAssembler();
        assembler.Take(ref ten);
        var one = new ReadOnlySequence<byte>(part);
        Should.Throw<ProtocolException>(() => assembler.Take(ref one)).Message.ShouldContain("10 parts");
    }

    [Fact]
    public void Row40_Protocols_and_addresses_beyond_the_limit_are_cut_off()
    {
        var assembler = new IdentifyAssembler();
        for (var part = 0; part < 10; part++)
        {
            var message = new Message();
            for (var i = 0; i < 300; i++)
            {
                message.Protocols.Add($"/{part}/{i}");
                message.ListenAddrs.Add(new byte[] { 4, 10, 0, (byte)part, (byte)i });
            }

            var received = new ReadOnlySequence<byte>(message.ToDelimitedArray());
            assembler.Take(ref received);
        }

        assembler.Message.Protocols.Count.ShouldBe(1024);
        assembler.Message.ListenAddrs.Count.ShouldBe(500);
        assembler.Message.Protocols[1023].ShouldBe("/3/123");
    }

    private static byte[] Length(int length)
    {
        var bytes = new byte[10];
        var writer = new WireWriter(bytes);
        writer.WriteVarint((uint)length);
        return bytes[..writer.Written];
    }
}
