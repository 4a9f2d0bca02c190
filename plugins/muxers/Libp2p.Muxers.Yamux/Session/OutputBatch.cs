using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>Frames on their way to the wire: one object a connection, used again and again by whoever has the write turn.</summary>
internal sealed class OutputBatch
{
    /// <summary>The blocks that hold the frames, in order.</summary>
    public Block? Head { get; private set; }

    /// <summary>Bytes of the frames.</summary>
    public int Length { get; private set; }

    /// <summary>Answers to pings among the frames.</summary>
    public int Pongs { get; private set; }

    /// <summary>Streams whose last frame is among them.</summary>
    public List<YamuxStream> Fins { get; } = [];

    /// <summary>Outputs that have room again.</summary>
    public List<YamuxStreamOutput> Woken { get; } = [];

    /// <summary>Takes over the blocks.</summary>
    public void Take(Block head, int length, int pongs)
    {
        Head = head;
        Length = length;
        Pongs = pongs;
    }

    /// <summary>Returns the blocks.</summary>
    public void Release()
    {
        var block = Head;
        Head = null;
        Length = 0;
        Pongs = 0;
        Fins.Clear();
        while (block is not null)
        {
            var next = block.NextBlock;
            BlockPool.Shared.Return(block);
            block = next;
        }
    }
}
