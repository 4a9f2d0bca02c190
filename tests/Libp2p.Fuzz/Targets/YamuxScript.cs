using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>Honest sessions, more or less.</summary>
internal static class YamuxScript
{
    /// <summary>An input of the target.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="bodies">Whether it has the bodies too; else they are made while it runs.</param>
    public static byte[] Session(Random random, bool bodies)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < 4; i++)
        {
            bytes.Add((byte)random.Next(256));
        }

        bytes[0] = (byte)((bytes[0] & ~2) | (bodies ? 0 : 2));

        for (var n = 1 + random.Next(30); n > 0; n--)
        {
            var stream = (uint)((2 * random.Next(12)) + (random.Next(20) == 0 ? 0 : 1));
            var flags = (FrameFlags)(random.Next(3) == 0 ? random.Next(16) : random.Next(2));
            switch (random.Next(6))
            {
                case 0:
                    bytes.AddRange(Frame(FrameType.WindowUpdate, flags, stream, (uint)(random.Next(10) == 0 ? random.Next() : random.Next(300_000))));
                    break;
                case 1:
                    bytes.AddRange(Frame(FrameType.Ping, (FrameFlags)random.Next(3), 0, (uint)random.Next(5)));
                    break;
                case 2 when random.Next(20) == 0:
                    bytes.AddRange(Frame(FrameType.GoAway, FrameFlags.None, 0, (uint)random.Next(3)));
                    break;
                default:
                    var length = bodies ? random.Next(120) : random.Next(20) == 0 ? random.Next(270_000) : random.Next(3000);
                    bytes.AddRange(Frame(FrameType.Data, flags, stream, (uint)length));
                    bytes.AddRange(Enumerable.Repeat((byte)0xEE, bodies ? length : 0));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A header.</summary>
    public static byte[] Frame(FrameType type, FrameFlags flags, uint stream, uint length)
    {
        var bytes = new byte[YamuxHeader.Size];
        new YamuxHeader(type, flags, stream, length).Write(bytes);
        return bytes;
    }
}
