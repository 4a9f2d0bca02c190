using System.Buffers;
using System.Buffers.Binary;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.TestKit;

namespace Libp2p.Planted.Tests;

/// <summary>One end of a stream in conversation: messages with their length before them, read whole, as most protocols do.</summary>
internal sealed class Talk(YamuxStream stream, Simulation simulation)
{
    public YamuxStream Stream => stream;

    public TimeSpan? WritingSince { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>Since when it waits for credit that the other end owes it.</summary>
    public TimeSpan? CreditOwedSince { get; set; }

    /// <summary>Since when it waits though it has credit and the wire takes what there is.</summary>
    public TimeSpan? RoomIgnoredSince { get; set; }

    public async Task ReadAsync(Func<Task> answer)
    {
        try
        {
            while (true)
            {
                var read = await stream.Input.ReadAsync();
                var buffer = read.Buffer;
                var messages = 0;
                while (TryTake(ref buffer)) messages++;
                stream.Input.AdvanceTo(buffer.Start, buffer.End);
                for (; messages > 0; messages--) await answer();
                if (read.IsCompleted) return;
            }
        }
        finally
        {
            IsOver = true;
        }
    }

    public async Task WriteAsync(int length)
    {
        var message = new byte[4 + length];
        BinaryPrimitives.WriteInt32BigEndian(message, length);
        WritingSince = simulation.Now;
        try
        {
            await stream.Output.WriteAsync(message);
        }
        finally
        {
            WritingSince = null;
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < 4) return false;
        Span<byte> prefix = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (buffer.Length < 4 + length) return false;
        buffer = buffer.Slice(4 + length);
        return true;
    }
}
