using System.Buffers;
using System.Text.Json;
using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Tests;

public class YamuxHeaderTests
{
    private static JsonElement[] Vectors(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "yamux", file)));
        return [.. document.RootElement.EnumerateArray().Select(static element => element.Clone())];
    }

    [Fact]
    public void Public_vectors_are_read_and_written()
    {
        var vectors = Vectors("headers_valid.json");
        vectors.Length.ShouldBe(26);
        foreach (var vector in vectors)
        {
            var bytes = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
            var expected = new YamuxHeader(
                vector.GetProperty("type").GetString() switch { "data" => FrameType.Data, "window_update" => FrameType.WindowUpdate, "ping" => FrameType.Ping, _ => FrameType.GoAway },
                (FrameFlags)vector.GetProperty("flags").GetUInt16(),
                vector.GetProperty("stream").GetUInt32(),
                vector.GetProperty("length").GetUInt32());
            YamuxHeader.Read(bytes).ShouldBe(expected);
            var written = new byte[YamuxHeader.Size];
            expected.Write(written);
            written.ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task Row26_Public_vectors_of_invalid_headers_end_the_connection()
    {
        var vectors = Vectors("headers_invalid.json");
        vectors.Length.ShouldBe(6);
        foreach (var vector in vectors)
        {
            var bytes = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
            await using var peer = await RawPeer.CreateAsync();
            await peer.SendAsync(bytes);
            if (bytes.Length == YamuxHeader.Size)
            {
                Should.Throw<MuxerException>(() => YamuxHeader.Read(bytes)).Code.Value.ShouldBe(GoAwayReason.ProtocolError);
                await peer.ShouldGoAwayAsync();
            }
            else
            {
                await peer.Wire.Dialer.Output.CompleteAsync();
                (await peer.Connection.Completion).Cause.ShouldBeOfType<MuxerException>();
            }
        }
    }

    [Fact]
    public async Task Public_vectors_of_hostile_sessions_end_the_connection_with_a_protocol_error()
    {
        foreach (var vector in Vectors("hostile_sessions.json"))
        {
            await using var peer = await RawPeer.CreateAsync(runtime: TestKit.TestRuntime.Fake());
            var session = new List<byte>();
            foreach (var hex in new[] { vector.GetProperty("hex").GetString()! }
                .Concat(vector.TryGetProperty("then", out var then) ? then.EnumerateArray().Select(static e => e.GetString()!) : []))
            {
                var bytes = Convert.FromHexString(hex);
                session.AddRange(bytes);
                if (YamuxHeader.Read(bytes) is { Type: FrameType.Data } data)
                {
                    session.AddRange(new byte[data.Length]);
                }
            }

            // Unlike the others, a flood needs a remote that does not read.
            var repeat = vector.TryGetProperty("repeat", out var count) ? count.GetInt32() : 1;
            var all = Enumerable.Repeat(session.ToArray(), repeat).SelectMany(static part => part).ToArray();
            peer.Wire.ToDialer.Stall();
            peer.Wire.ToListener.Inject(all);
            (await peer.Connection.Completion.WaitAsync(TimeSpan.FromSeconds(30))).Cause
                .ShouldBeOfType<MuxerException>(vector.GetProperty("name").GetString()).Code.Value.ShouldBe(GoAwayReason.ProtocolError);
            peer.Connection.Session.StreamCount.ShouldBe(0);
        }
    }

    [Fact]
    public void Every_combination_of_fields_round_trips_and_everything_else_is_refused()
    {
        Span<byte> bytes = stackalloc byte[YamuxHeader.Size];
        for (var type = 0; type < 256; type++)
        {
            for (var flags = 0; flags < 0x10000; flags += flags < 32 ? 1 : 0x0FFF)
            {
                bytes.Clear();
                bytes[1] = (byte)type;
                bytes[2] = (byte)(flags >> 8);
                bytes[3] = (byte)flags;
                bytes[4] = 0x80;
                bytes[11] = 7;
                if (type <= 3 && flags <= 15)
                {
                    var header = YamuxHeader.Read(bytes);
                    header.ShouldBe(new YamuxHeader((FrameType)type, (FrameFlags)flags, 0x8000_0000, 7));
                    var written = new byte[YamuxHeader.Size];
                    header.Write(written);
                    bytes.SequenceEqual(written).ShouldBeTrue();
                }
                else
                {
                    var copy = bytes.ToArray();
                    Should.Throw<MuxerException>(() => YamuxHeader.Read(copy));
                }
            }
        }
    }

    [Fact]
    public void A_header_waits_for_its_last_byte_whatever_the_cut()
    {
        for (var cut = 0; cut < YamuxHeader.Size; cut++)
        {
            var io = new SansIo(dialer: false);
            var frame = new byte[YamuxHeader.Size + 3];
            new YamuxHeader(FrameType.Data, FrameFlags.Syn, 1, 3).Write(frame);
            io.Receive(frame.AsMemory(0, cut)).ShouldBe(0);
            io.Session.StreamCount.ShouldBe(0);
            io.Receive(frame).ShouldBe(frame.Length);
            SansIo.ReadAll(io.Accept()).Length.ShouldBe(3);
        }
    }

    [Fact]
    public void Pieces_may_be_empty_and_may_cut_headers_and_bodies_anywhere()
    {
        var frames = new byte[(2 * YamuxHeader.Size) + 5];
        new YamuxHeader(FrameType.Data, FrameFlags.Syn, 1, 5).Write(frames);
        "hello"u8.CopyTo(frames.AsSpan(YamuxHeader.Size));
        new YamuxHeader(FrameType.Ping, FrameFlags.Syn, 0, 9).Write(frames.AsSpan(YamuxHeader.Size + 5));
        for (var a = 0; a <= frames.Length; a++)
        {
            for (var b = a; b <= frames.Length; b++)
            {
                var io = new SansIo(dialer: false);
                var whole = Segment.Sequence([], frames[..a], [], frames[a..b], frames[b..], []);
                whole.Slice(io.Session.Receive(whole, 0)).Length.ShouldBe(0);
                SansIo.ReadAll(io.Accept()).ShouldBe("hello"u8.ToArray());
                io.TakeFrames().ShouldHaveSingleItem().Length.ShouldBe(9u);

                // The same when the rest comes later, behind what was left.
                io = new SansIo(dialer: false);
                var part = Segment.Sequence([], frames[..a], [], frames[a..b]);
                var left = part.Slice(io.Session.Receive(part, 0)).ToArray();
                left.Length.ShouldBeLessThan(YamuxHeader.Size);
                var more = Segment.Sequence([], left, [], frames[b..]);
                more.Slice(io.Session.Receive(more, 0)).Length.ShouldBe(0);
                SansIo.ReadAll(io.Accept()).ShouldBe("hello"u8.ToArray());
                io.TakeFrames().ShouldHaveSingleItem().Length.ShouldBe(9u);
            }
        }
    }
}
