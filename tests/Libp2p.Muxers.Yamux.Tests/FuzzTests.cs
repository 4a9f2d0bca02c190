using System.Buffers;
using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>Sessions of a stranger, mutated: the session takes them or ends with a typed error, holds its limits, and never hangs.</summary>
public class FuzzTests
{
    private static readonly YamuxOptions Options = new() { MaxUnreadBytes = 512 * 1024, AcceptBacklog = 8, MaxInboundStreams = 16, ResetBurst = 20 };

    /// <summary>2,500 runs; a failing one names its seed.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_frames_end_in_a_typed_error_or_are_taken(int part)
    {
        for (var seed = part * 500; seed < (part + 1) * 500; seed++)
        {
            try
            {
                Run(new Random(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}", error);
            }
        }
    }

    /// <summary>One input, for a fuzzer: takes any bytes, throws only on a defect.</summary>
    internal static void Target(ReadOnlySpan<byte> input)
    {
        var io = new SansIo(Options, dialer: input.Length > 0 && input[0] % 2 == 0);
        Feed(io, input.ToArray(), new Random(1));
    }

    [Fact]
    public void Random_bytes_end_in_a_typed_error_or_are_taken()
    {
        var random = new Random(4711);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Target(bytes);
        }
    }

    private static void Run(Random random)
    {
        var io = new SansIo(Options, dialer: false);
        var own = random.Next(2) == 0 ? io.Session.Open() : null;
        _ = own?.Write(new byte[10]);
        var session = Script(random);

        // A few bits, bytes, cuts and repetitions.
        for (var n = random.Next(6); n > 0 && session.Length > 1; n--)
        {
            var at = random.Next(session.Length);
            session = random.Next(4) switch
            {
                0 => [.. session[..at], .. session[random.Next(session.Length)..]],
                1 => [.. session[..at], (byte)random.Next(256), .. session[at..]],
                _ => Flip(session, at, random.Next(8)),
            };
        }

        Feed(io, session, random);
    }

    private static void Feed(SansIo io, byte[] bytes, Random random)
    {
        var accepted = new List<Streams.YamuxStream>();
        var at = 0;
        var stuck = 0;
        while (at < bytes.Length)
        {
            var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(2) == 0 ? 20 : 5000));
            try
            {
                // In two segments, so that headers lie across them.
                var cut = random.Next(length + 1);
                var first = new Segment(bytes.AsMemory(at, cut), null);
                var second = new Segment(bytes.AsMemory(at + cut, length - cut), first);
                var sequence = new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
                var used = (int)sequence.Slice(0, io.Session.Receive(sequence, io.Now++)).Length;
                used.ShouldBeLessThanOrEqualTo(length);
                at += used;
                stuck = used == 0 ? stuck + 1 : 0;
            }
            catch (MuxerException error)
            {
                error.Code.Value.ShouldBe(GoAwayReason.ProtocolError);
                io.Session.EndByViolation(error);
                var last = io.TakeFrames()[^1];
                (last.Type, last.Length).ShouldBe((FrameType.GoAway, GoAwayReason.ProtocolError));
                break;
            }

            if (io.IsEnded)
            {
                break;
            }

            io.Session.StreamCount.ShouldBeLessThanOrEqualTo(17);
            io.Session.Memory.Held.ShouldBeLessThanOrEqualTo(Options.MaxUnreadBytes);
            if (random.Next(3) == 0 || stuck > 0)
            {
                io.Take().Length.ShouldBeLessThan(300_000);
            }

            while (random.Next(2) == 0 && io.Session.TryAccept(out _) is { } stream)
            {
                accepted.Add(stream);
            }

            foreach (var stream in accepted)
            {
                Use(stream, random);
            }

            if (stuck > 200)
            {
                // Only the part of a header that the end cut off may stay.
                (bytes.Length - at).ShouldBeLessThan(YamuxHeader.Size);
                break;
            }
        }

        io.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), 0);
        io.Take();
        io.Session.StreamCount.ShouldBe(0);
        foreach (var stream in accepted)
        {
            stream.Input.Complete();
            stream.Output.Complete();
            stream.WritesClosed.IsCompleted.ShouldBeTrue();
        }
    }

    private static void Use(Streams.YamuxStream stream, Random random)
    {
        try
        {
            switch (random.Next(8))
            {
                case 0 or 1 or 2 when stream.Input.TryRead(out var read):
                    stream.Input.AdvanceTo(read.Buffer.GetPosition(random.NextInt64(read.Buffer.Length + 1)));
                    break;
                case 3:
                    _ = stream.Output.WriteAsync(new byte[random.Next(1000)]).AsTask();
                    break;
                case 4 when random.Next(10) == 0:
                    stream.Abort((StreamSide)random.Next(1, 4), new StreamErrorCode(1));
                    break;
                case 5 when random.Next(10) == 0:
                    stream.Input.Complete();
                    break;
                case 6 when random.Next(10) == 0:
                    stream.Output.Complete();
                    break;
            }
        }
        catch (Exception error) when (error is StreamResetException or InvalidOperationException)
        {
            // Used after a reset, or after it was completed: what the contract says.
        }
    }

    /// <summary>An honest session, more or less.</summary>
    private static byte[] Script(Random random)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (var n = 1 + random.Next(60); n > 0; n--)
        {
            var stream = (uint)((2 * random.Next(12)) + (random.Next(20) == 0 ? 0 : 1));
            var flags = (FrameFlags)(random.Next(3) == 0 ? random.Next(16) : random.Next(2));
            switch (random.Next(6))
            {
                case 0:
                    Frame(bytes, FrameType.WindowUpdate, flags, stream, (uint)(random.Next(10) == 0 ? random.Next() : random.Next(300_000)), 0);
                    break;
                case 1:
                    Frame(bytes, FrameType.Ping, (FrameFlags)random.Next(3), 0, (uint)random.Next(5), 0);
                    break;
                case 2 when random.Next(20) == 0:
                    Frame(bytes, FrameType.GoAway, FrameFlags.None, 0, (uint)random.Next(3), 0);
                    break;
                default:
                    var length = random.Next(20) == 0 ? random.Next(270_000) : random.Next(3_000);
                    Frame(bytes, FrameType.Data, flags, stream, (uint)length, length);
                    break;
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Frame(ArrayBufferWriter<byte> bytes, FrameType type, FrameFlags flags, uint stream, uint length, int body)
    {
        new YamuxHeader(type, flags, stream, length).Write(bytes.GetSpan(YamuxHeader.Size));
        bytes.Advance(YamuxHeader.Size);
        bytes.GetSpan(body)[..body].Fill(0xEE);
        bytes.Advance(body);
    }

    private static byte[] Flip(byte[] bytes, int at, int bit)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= (byte)(1 << bit);
        return copy;
    }
}
