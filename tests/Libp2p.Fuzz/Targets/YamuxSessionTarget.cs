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

        Feed(io, (input[0] & 2) == 0 ? input[4..].ToArray() : WithBodies(input[4..]), random);
    }

    private static byte[] WithBodies(ReadOnlySpan<byte> headers)
    {
        const int MostBody = 300_000;
        const int Most = 1 << 20;
        var bytes = new ArrayBufferWriter<byte>();
        for (; headers.Length >= YamuxHeader.Size && bytes.WrittenCount < Most; headers = headers[YamuxHeader.Size..])
        {
            bytes.Write(headers[..YamuxHeader.Size]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(headers[8..]);
            if (headers[1] == (byte)FrameType.Data && length <= MostBody)
            {
                bytes.GetSpan((int)length)[..(int)length].Fill(0xEE);
                bytes.Advance((int)length);
            }
        }

        bytes.Write(headers[..Math.Min(headers.Length, YamuxHeader.Size - 1)]);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Feed(SansIo io, byte[] bytes, Random random)
    {
        var accepted = new List<YamuxStream>();
        var stuck = 0;
        for (var at = 0; at < bytes.Length && !io.IsEnded;)
        {
            var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(2) == 0 ? 20 : 5000));
            try
            {
                // In two segments, so that headers lie across them.
                var sequence = Pieces.Cut(bytes.AsSpan(at, length).ToArray(), random.Next(length + 1));
                var used = (int)sequence.Slice(0, io.Session.Receive(sequence, io.Now++)).Length;
                Property.Holds(used <= length, "more was taken than came");
                at += used;
                stuck = used == 0 ? stuck + 1 : 0;
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
            }

            foreach (var stream in accepted)
            {
                Use(stream, random);
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

    private static void Use(YamuxStream stream, Random random)
    {
        try
        {
            switch (random.Next(8))
            {
                case 0 or 1 or 2 when stream.Input.TryRead(out var read):
                    stream.Input.AdvanceTo(read.Buffer.GetPosition(random.NextInt64(read.Buffer.Length + 1)));
                    break;
                case 3:
                    _ = stream.Write(new byte[random.Next(1000)]);
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
}
