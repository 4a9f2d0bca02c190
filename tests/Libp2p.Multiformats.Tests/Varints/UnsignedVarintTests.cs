using System.Buffers;
using CsCheck;

namespace Libp2p.Multiformats.Tests.Varints;

public class UnsignedVarintTests
{
    private static readonly Gen<ulong> Values = Gen.Int[0, 62].SelectMany(bits => Gen.ULong.Select(value => value & ((2UL << bits) - 1) & UnsignedVarint.MaxValue));

    public static TheoryData<ulong, string> Valid => [.. Vectors.Json("unsigned-varint/valid.json").EnumerateArray()
        .Select(e => (ulong.Parse(e.GetProperty("value").GetString()!), e.GetProperty("hex").GetString()!))];

    public static TheoryData<string, VarintStatus> Invalid => [.. Vectors.Json("unsigned-varint/invalid.json").EnumerateArray()
        .Select(e => (e.GetProperty("hex").GetString()!, e.GetProperty("error").GetString() switch
        {
            "overflow" => VarintStatus.TooLong,
            "not-minimal" => VarintStatus.Overlong,
            _ => VarintStatus.NeedMoreData,
        }))];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Vectors_read_and_write(ulong value, string hex)
    {
        var expected = Convert.FromHexString(hex);
        var written = new byte[UnsignedVarint.MaxLength];

        UnsignedVarint.GetLength(value).ShouldBe(expected.Length);
        written[..UnsignedVarint.Write(written, value)].ShouldBe(expected);
        UnsignedVarint.Read(expected, out var length).ShouldBe(value);
        length.ShouldBe(expected.Length);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Row1_Overlong_too_long_and_truncated_varints_are_refused(string hex, VarintStatus expected)
    {
        var bytes = Convert.FromHexString(hex);

        UnsignedVarint.TryRead(bytes, out var value, out var length).ShouldBe(expected);
        value.ShouldBe(0UL);
        length.ShouldBe(0);
        Should.Throw<MultiformatException>(() => UnsignedVarint.Read(bytes, out _));
    }

    [Fact]
    public void Row1_Nine_bytes_are_the_most_and_ten_are_too_many()
    {
        byte[] nine = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        byte[] ten = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

        UnsignedVarint.Read(nine, out _).ShouldBe(UnsignedVarint.MaxValue);
        UnsignedVarint.TryRead(ten, out _, out _).ShouldBe(VarintStatus.TooLong);
        UnsignedVarint.TryRead(ten.AsSpan(0, 9), out _, out _).ShouldBe(VarintStatus.TooLong);
        UnsignedVarint.TryRead(ten.AsSpan(0, 8), out _, out _).ShouldBe(VarintStatus.NeedMoreData);
    }

    [Fact]
    public void Values_round_trip_and_every_prefix_needs_more() => Values.Sample(value =>
    {
        var bytes = new byte[UnsignedVarint.GetLength(value)];
        UnsignedVarint.Write(bytes, value);

        UnsignedVarint.TryRead(bytes, out var read, out var length).ShouldBe(VarintStatus.Done);
        read.ShouldBe(value);
        length.ShouldBe(bytes.Length);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            UnsignedVarint.TryRead(bytes.AsSpan(0, cut), out _, out _).ShouldBe(VarintStatus.NeedMoreData);
        }
    });

    [Fact]
    public void What_is_accepted_is_what_would_be_written() => Gen.Byte.Array[0, 12].Sample(bytes =>
    {
        if (UnsignedVarint.TryRead(bytes, out var value, out var length) == VarintStatus.Done)
        {
            var written = new byte[UnsignedVarint.MaxLength];
            written[..UnsignedVarint.Write(written, value)].ShouldBe(bytes[..length]);
        }
    });

    [Fact]
    public void Sequences_read_as_spans_do_wherever_they_are_split() => Gen.Select(Gen.Byte.Array[0, 12], Gen.Int[0, 12], Gen.Int[0, 12]).Sample((bytes, a, b) =>
    {
        var expected = UnsignedVarint.TryRead(bytes, out var value, out var length);
        var sequence = Split(bytes, Math.Min(a, bytes.Length), Math.Min(b, bytes.Length));

        UnsignedVarint.TryRead(sequence, out var fromSequence, out var sequenceLength).ShouldBe(expected);
        (fromSequence, sequenceLength).ShouldBe((value, length));

        var reader = new SequenceReader<byte>(sequence);
        UnsignedVarint.TryRead(ref reader, out var fromReader).ShouldBe(expected);
        (fromReader, reader.Consumed).ShouldBe((value, length));
    });

    [Fact]
    public void Writing_checks_range_and_room()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => UnsignedVarint.GetLength(1UL << 63));
        Should.Throw<ArgumentOutOfRangeException>(() => UnsignedVarint.Write(new byte[10], ulong.MaxValue));
        Should.Throw<ArgumentException>(() => UnsignedVarint.Write(new byte[1], 128));
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int a, int b)
    {
        var (first, second) = (Math.Min(a, b), Math.Max(a, b));
        var head = new Segment(bytes.AsMemory(0, first), null);
        var middle = new Segment(bytes.AsMemory(first, second - first), head);
        var tail = new Segment(bytes.AsMemory(second), middle);
        return new ReadOnlySequence<byte>(head, 0, tail, tail.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Memory.Length;
            if (previous is not null)
            {
                previous.Next = this;
            }
        }
    }
}
