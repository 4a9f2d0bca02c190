using System.IO.Pipelines;
using Libp2p.Pipes;

namespace Libp2p.Transports.Memory;

/// <summary>
/// One way of a connection: a chain of pooled blocks that the writer fills and the reader empties, the same memory for both. An idle way holds none. One writer, one reader;
/// everything else from any thread. Positions count the bytes of the stream.
/// </summary>
internal sealed partial class MemoryPipe(MemoryOptions options, PipeScheduler writerScheduler, PipeScheduler readerScheduler)
{
    private readonly Lock _gate = new();

    // All below is guarded by _gate.
    private Block? _head; // the first with bytes that are not consumed
    private int _headIndex;
    private Block? _tail; // what the writer fills, perhaps beyond what it has flushed
    private Block? _flushedTail; // the last with bytes that were flushed
    private int _flushedIndex;
    private long _written;
    private long _flushed;
    private long _examined;
    private long _consumed;
    private bool _writing; // the writer has memory in its hands
    private bool _ended; // the writer is done
    private bool _stopped; // the reader is done

    public PipeScheduler WriterScheduler => writerScheduler;

    public PipeScheduler ReaderScheduler => readerScheduler;

    /// <summary>Bytes that were flushed so far.</summary>
    public long Passed
    {
        get
        {
            lock (_gate)
            {
                return _flushed;
            }
        }
    }

    /// <summary>Bytes of memory held now.</summary>
    public int HeldBytes
    {
        get
        {
            lock (_gate)
            {
                var held = 0;
                for (var block = _head; block is not null; block = block.NextBlock)
                {
                    held += block.Capacity;
                }

                return held;
            }
        }
    }

    /// <summary>Bytes that are flushed and not yet seen by the reader: what the writer is ahead. What was seen and left does not count: a frame longer than the capacity must not wait for ever.</summary>
    private long Ahead => _flushed - _examined;

    /// <summary>Throws away what was flushed and not consumed. Not while the reader has it in its hands.</summary>
    private void Discard()
    {
        if (_flushedTail is not null)
        {
            while (_head != _flushedTail)
            {
                ReleaseHead();
            }

            _headIndex = _flushedIndex;
        }

        _consumed = _examined = _flushed;
        ReleaseIdle();
    }

    private void ReleaseHead()
    {
        var block = _head!;
        _head = block.NextBlock;
        _headIndex = 0;
        BlockPool.Shared.Return(block);
    }

    /// <summary>Everything is consumed and nothing is under way: the last block goes.</summary>
    private void ReleaseIdle()
    {
        if (_consumed == _written && !_writing && _head is not null)
        {
            while (_head is not null)
            {
                ReleaseHead();
            }

            _tail = _flushedTail = null;
            _flushedIndex = 0;
        }
    }
}
