using System.Buffers;
using System.Buffers.Binary;
using Libp2p.Muxers.Yamux;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>
/// A stranger's session: taken, or ended by a protocol error; limits hold all the way, and nothing is left behind. The first four bytes seed what this side does
/// meanwhile (reads, writes, resets, how the bytes arrive); the first of them also chooses the role, and whether the rest is only headers, whose bodies are made
/// here: so that a short input can fill windows.
/// </summary>
internal sealed class YamuxSessionTarget() : FuzzTarget("yamux-session")
{
    private const int MostStreams = 16;
    private const int MostBody = 300_000;

    // More than may be held: a limit that no input can reach is not seen to hold.
    private const int MostBytes = 700_000;
    private static readonly byte[] Written = new byte[1000];
    private static readonly YamuxOptions Options = new() { MaxUnreadBytes = 512 * 1024, AcceptBacklog = 8, MaxInboundStreams = MostStreams, ResetBurst = 20 };

    public override int MaxLength => 8192;

    public override IEnumerable<byte[]> Seeds => Enumerable.Range(0, 16).Select(seed => YamuxScript.Session(new Random(seed), bodies: seed % 2 == 0));

    public override IReadOnlyList<byte[]> Dictionary { get; } =
    [
        YamuxScript.Frame(FrameType.Data, FrameFlags.Syn, 1, 0), YamuxScript.Frame(FrameType.WindowUpdate, FrameFlags.Syn, 3, 1000), YamuxScript.Frame(FrameType.WindowUpdate, FrameFlags.None, 1, uint.MaxValue),
        YamuxScript.Frame(FrameType.Data, FrameFlags.Fin, 1, 0), YamuxScript.Frame(FrameType.Data, FrameFlags.Rst, 1, 0), YamuxScript.Frame(FrameType.Ping, FrameFlags.Syn, 0, 7),
        YamuxScript.Frame(FrameType.GoAway, FrameFlags.None, 0, 0), YamuxScript.Frame(FrameType.WindowUpdate, FrameFlags.Ack, 2, 0), YamuxScript.Frame(FrameType.Data, FrameFlags.Ack, 1, 262_144),
    ];

    public override long MaxAllocated(int length) => (8 << 20) + (4096L * length);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 4)
        {
            return;
        }

        var random = new Random(BinaryPrimitives.ReadInt32LittleEndian(input) & int.MaxValue);
        var io = new SansIo(Options, dialer: input[0] % 2 == 0);
        if (random.Next(2) == 0 && io.Session.TryOpen(out _) is { } own)
        {
            _ = own.Write(new byte[10]);
        }

        var bodies = (input[0] & 2) != 0;
        var bytes = ArrayPool<byte>.Shared.Rent(bodies ? MostBytes + MostBody + input.Length : input.Length);
        try
        {
            Feed(io, bytes.AsMemory(0, bodies ? AddBodies(input[4..], bytes) : Copy(input[4..], bytes)), bodies ? 60_000 : 5000, random);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int Copy(ReadOnlySpan<byte> input, Span<byte> bytes)
    {
        input.CopyTo(bytes);
        return input.Length;
    }

    /// <summary>Puts a body behind each header that has one. What the bodies hold does not matter.</summary>
    private static int AddBodies(ReadOnlySpan<byte> headers, Span<byte> bytes)
    {
        var at = 0;
        for (; headers.Length >= YamuxHeader.Size && at < MostBytes; headers = headers[YamuxHeader.Size..])
        {
            at += Copy(headers[..YamuxHeader.Size], bytes[at..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(headers[8..]);
            if (headers[1] == (byte)FrameType.Data && length <= MostBody)
            {
                at += (int)length;
            }
        }

        return at + Copy(headers[..Math.Min(headers.Length, YamuxHeader.Size - 1)], bytes[at..]);
    }

    private static void Feed(SansIo io, Memory<byte> bytes, int mostAtOnce, Random random)
    {
        var accepted = new List<YamuxStream>();
        var used = new List<YamuxStream>();
        var stuck = 0;
        for (var at = 0; at < bytes.Length && !io.IsEnded;)
        {
            var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(2) == 0 ? 20 : mostAtOnce));
            try
            {
                // In two segments, so that headers lie across them.
                var sequence = Pieces.Cut(bytes.Slice(at, length), random.Next(length + 1));
                var taken = (int)sequence.Slice(0, io.Session.Receive(sequence, io.Now++)).Length;
                Property.Holds(taken <= length, "more was taken than came");
                at += taken;
                stuck = taken == 0 ? stuck + 1 : 0;
            }
            catch (MuxerException error)
            {
                Property.Holds(error.Code.Value == GoAwayReason.ProtocolError, "not the remote's fault");
                io.Session.EndByViolation(error);
                var last = io.TakeFrames()[^1];
                Property.Holds((last.Type, last.Length) == (FrameType.GoAway, GoAwayReason.ProtocolError), "ended without saying so");
                break;
            }

            Property.Holds(io.IsEnded || io.Session.StreamCount <= MostStreams + 1, $"{io.Session.StreamCount} streams");
            Property.Holds(io.Session.Memory.Held <= Options.MaxUnreadBytes, $"{io.Session.Memory.Held} bytes held");
            if (random.Next(3) == 0 || stuck > 0)
            {
                Property.Holds(io.Take().Length < 300_000, "more answers than the remote may cause");
            }

            while (random.Next(2) == 0 && io.Session.TryAccept(out _) is { } stream)
            {
                accepted.Add(stream);
                used.Add(stream);
            }

            // One that says it is done is left alone from then on: each further use is an exception, which takes more time than all else.
            for (var i = used.Count - 1; i >= 0; i--)
            {
                if (!Use(used[i], random))
                {
                    used.RemoveAt(i);
                }
            }

            if (stuck > 200)
            {
                Property.Holds(bytes.Length - at < YamuxHeader.Size, "more than a part of a header was left");
                break;
            }
        }

        io.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), 0);
        io.Take();
        Property.Holds(io.Session.StreamCount == 0, "streams outlive their session");
        foreach (var stream in accepted)
        {
            stream.Input.Complete();
            stream.Output.Complete();
            Property.Holds(stream.WritesClosed.IsCompleted, "a stream outlives its session");
        }
    }

    private static bool Use(YamuxStream stream, Random random)
    {
        try
        {
            switch (random.Next(8))
            {
                case 0 or 1 or 2 when stream.Input.TryRead(out var read):
                    stream.Input.AdvanceTo(read.Buffer.GetPosition(random.NextInt64(read.Buffer.Length + 1)));
                    break;
                case 3:
                    _ = stream.Output.WriteAsync(Written.AsMemory(0, random.Next(Written.Length))).AsTask();
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

            return true;
        }
        catch (Exception error) when (error is StreamResetException or InvalidOperationException)
        {
            // Used after a reset, or after it was completed: what the contract says.
            return false;
        }
    }
}
