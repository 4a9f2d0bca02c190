using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire;

/// <summary>Declared limits are enforced while decoding, before anything is allocated for what exceeds them.</summary>
public class LimitTests
{
    [Theory]
    [InlineData("0A0161" + "0A0462626262", WireError.None)]
    [InlineData("0A056161616161", WireError.FieldTooLong)]
    [InlineData("12056161616161", WireError.FieldTooLong)]
    [InlineData("1A03616161", WireError.FieldTooLong)]
    [InlineData("1A0161" + "1A0161" + "1A0161", WireError.None)]
    [InlineData("1A0161" + "1A0161" + "1A0161" + "1A0161", WireError.TooManyElements)]
    [InlineData("22050102030405", WireError.None)]
    [InlineData("2206010203040506", WireError.TooManyElements)]
    [InlineData("220401020304" + "2005" + "2006", WireError.TooManyElements)]
    [InlineData("2A00" + "2A00" + "2A00", WireError.TooManyElements)]
    [InlineData("3206" + "320432020A00", WireError.TooDeep)]
    [InlineData("3204" + "32020A00", WireError.None)]
    [InlineData("3207" + "0A0561616161", WireError.FieldTooLong)]
    public void Limits(string hex, WireError expected)
    {
        var message = Convert.FromHexString(hex);
        if (expected == WireError.FieldTooLong && message[0] == 0x32)
        {
            message = [.. message, 0x61];
        }

        Ours.Limited.TryParse(message, out var value, out var error);
        error.ShouldBe(expected);
        (value is null).ShouldBe(expected != WireError.None);
        Ours.Limited.View.TryParse(message, out _, out error);
        error.ShouldBe(expected);
    }

    [Fact]
    public void A_message_above_its_size_is_not_looked_at()
    {
        Ours.Limited.TryParse(new byte[201], out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.MessageTooLarge);
        Ours.Limited.View.TryParse(new byte[201], out _, out error).ShouldBeFalse();
        error.ShouldBe(WireError.MessageTooLarge);
    }

    [Theory]
    [InlineData("0AFFFFFFFF0F", WireError.LengthOutOfRange)]
    [InlineData("0AFFFFFFFF07", WireError.Truncated)]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01", WireError.LengthOutOfRange)]
    public void Row2_a_length_beyond_the_message_allocates_nothing(string hex, WireError expected)
    {
        var message = Convert.FromHexString(hex);
        Ours.Published.TryParse(message, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ours.Published.TryParse(message, out _, out var error);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        error.ShouldBe(expected);
    }

    [Fact]
    public async Task Row2_a_delimited_length_of_4_GiB_is_refused_at_once()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Convert.FromHexString("FFFFFFFF0F"));
        var error = await Should.ThrowAsync<WireFormatException>(async () => await WireDelimited.ReadAsync<Ours.Published>(pipe.Reader));
        error.Error.ShouldBe(WireError.MessageTooLarge);
        error.MessageName.ShouldBe("limits.Published");
        error.Layer.ShouldBe(ConnectionLayer.Protocol);
    }

    [Fact]
    public void Row3_a_frame_of_tiny_entries_stops_at_the_cap()
    {
        // 2 million empty strings, where 16384 are allowed.
        var message = new byte[WireLimits.MessageSize];
        for (var i = 0; i < message.Length; i += 2)
        {
            (message[i], message[i + 1]) = (0x0A, 0x00);
        }

        Ours.Ids.TryParse(message, out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.TooManyElements);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ours.Ids.TryParse(message, out _, out _).ShouldBeFalse();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        Allocations.LeastOf(() => Ours.Ids.View.TryParse(message, out _, out _).ShouldBeFalse()).ShouldBe(0);
    }

    [Theory]
    [InlineData(99, WireError.None)]
    [InlineData(100, WireError.TooDeep)]
    [InlineData(2000, WireError.TooDeep)]
    public void Messages_nest_a_hundred_levels_deep(int inside, WireError expected)
    {
        byte[] message = [];
        for (var i = 0; i < inside; i++)
        {
            var length = new byte[WireSize.Varint((uint)message.Length)];
            new WireWriter(length).WriteVarint((uint)message.Length);
            message = [0x8A, 0x01, .. length, .. message];
        }

        Ours.Three.All.TryParse(message, out _, out var error);
        error.ShouldBe(expected);
        Ours.Three.All.View.TryParse(message, out _, out error);
        error.ShouldBe(expected);
    }

    [Theory]
    [InlineData(50, WireError.None)]
    [InlineData(100, WireError.TooDeep)]
    [InlineData(1_000_000, WireError.TooDeep)]
    public void Unknown_groups_nest_no_deeper_either(int levels, WireError expected)
    {
        byte[] message = [.. Enumerable.Repeat((byte)0x53, levels), .. Enumerable.Repeat((byte)0x54, levels)];
        Ours.Published.TryParse(message, out _, out var error);
        error.ShouldBe(expected);
    }

    [Theory]
    [InlineData("54", WireError.UnbalancedGroup)]
    [InlineData("53", WireError.UnbalancedGroup)]
    [InlineData("535C", WireError.UnbalancedGroup)]
    [InlineData("53080154", WireError.None)]
    [InlineData("56", WireError.InvalidWireType)]
    [InlineData("57", WireError.InvalidWireType)]
    [InlineData("00", WireError.InvalidFieldNumber)]
    [InlineData("0500000000", WireError.InvalidFieldNumber)]
    [InlineData("808080801000", WireError.FieldNumberOutOfRange)]
    [InlineData("5080808080808080808002", WireError.VarintOverflow)]
    [InlineData("508080808080808080808001", WireError.MalformedVarint)]
    [InlineData("2201FF", WireError.InvalidUtf8)]
    [InlineData("2203EDA080", WireError.InvalidUtf8)]
    [InlineData("2202C080", WireError.InvalidUtf8)]
    public void What_is_wrong_has_a_name(string hex, WireError expected)
    {
        Ours.Published.TryParse(Convert.FromHexString(hex), out _, out var error);
        error.ShouldBe(expected);
        Ours.Published.View.TryParse(Convert.FromHexString(hex), out _, out error);
        error.ShouldBe(expected);
    }

    [Fact]
    public void A_delimited_message_needs_all_its_bytes_and_no_more()
    {
        var message = new Ours.Published { Topic = "a topic", Data = new byte[200] };
        byte[] twice = [.. message.ToDelimitedArray(), .. message.ToDelimitedArray()];
        var size = message.GetDelimitedSize();
        for (var length = 0; length < size; length++)
        {
            var part = new ReadOnlySequence<byte>(twice, 0, length);
            WireDelimited.TryRead<Ours.Published>(ref part, out _, out var error).ShouldBeFalse();
            error.ShouldBe(WireError.None);
            part.Length.ShouldBe(length);
        }

        var whole = new ReadOnlySequence<byte>(twice);
        WireDelimited.TryRead<Ours.Published>(ref whole, out var first, out _).ShouldBeTrue();
        first.Topic.ShouldBe("a topic");
        whole.Length.ShouldBe(size);
    }

    [Fact]
    public async Task Delimited_messages_come_off_a_pipe_one_by_one()
    {
        var pipe = new Pipe();
        new Ours.Published { Topic = "one" }.WriteDelimitedTo(pipe.Writer);
        new Ours.Published { Topic = "two" }.WriteDelimitedTo(pipe.Writer);
        await pipe.Writer.FlushAsync();
        await pipe.Writer.CompleteAsync();
        (await WireDelimited.ReadAsync<Ours.Published>(pipe.Reader))!.Topic.ShouldBe("one");
        (await WireDelimited.ReadAsync<Ours.Published>(pipe.Reader))!.Topic.ShouldBe("two");
        (await WireDelimited.ReadAsync<Ours.Published>(pipe.Reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_message_is_an_error()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[] { 5, 1 });
        await pipe.Writer.CompleteAsync();
        (await Should.ThrowAsync<WireFormatException>(async () => await WireDelimited.ReadAsync<Ours.Published>(pipe.Reader))).Error.ShouldBe(WireError.Truncated);
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("8180808000")]
    public void Row1_a_length_that_is_not_the_shortest_is_refused(string hex)
    {
        var input = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        WireDelimited.TryRead<Ours.Published>(ref input, out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.MalformedVarint);
    }
}
