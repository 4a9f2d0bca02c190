namespace Libp2p.TestKit;

/// <summary>
/// The wire of one way of a <see cref="BytePair"/>, seen by somebody in the middle: it counts and records what is sent, and can flip, drop, inject and hold bytes.
/// Offsets count the bytes that the sender flushed, from 0. Thread-safe.
/// </summary>
public sealed class MemoryWay
{
    private readonly Lock _gate = new();
    private readonly MemoryChannel _channel;
    private readonly List<(long Offset, int Bit)> _flips = [];
    private readonly List<(long Offset, long Count)> _drops = [];
    private readonly MemoryStream? _record;
    private long _sent;
    private long _flushes;

    internal MemoryWay(MemoryChannel channel, bool record)
    {
        _channel = channel;
        _record = record ? new MemoryStream() : null;
        channel.Writer.Sending = Pass;
    }

    /// <summary>How many bytes the sender has flushed.</summary>
    public long Sent { get { lock (_gate) return _sent; } }

    /// <summary>How many flushes sent something: sends, on a real wire.</summary>
    public long Flushes { get { lock (_gate) return _flushes; } }

    /// <summary>How many bytes are under way: sent, not yet consumed by the receiver. Never more than <see cref="BytePairOptions.Capacity"/> beyond what the receiver has examined, but for a completion and injected bytes.</summary>
    public long InFlight => _channel.Buffered;

    /// <summary>What the sender flushed, before tampering. Needs <see cref="BytePairOptions.Record"/>.</summary>
    public byte[] Recorded
    {
        get
        {
            lock (_gate) return _record?.ToArray() ?? throw new InvalidOperationException($"Set {nameof(BytePairOptions)}.{nameof(BytePairOptions.Record)} to record.");
        }
    }

    /// <summary>Replaces what is sent: gets the offset of the first byte and the bytes, returns what arrives. Applied after the flips and drops; null: nothing is replaced.</summary>
    public Func<long, byte[], byte[]>? Tamper { get; set; }

    /// <summary>Flips a bit of the byte at an offset when it is sent.</summary>
    /// <param name="offset">Which byte.</param>
    /// <param name="bit">Which bit, from 0 to 7.</param>
    public void FlipBit(long offset, int bit = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bit, 7u, nameof(bit));
        lock (_gate) _flips.Add((offset, bit));
    }

    /// <summary>Loses bytes when they are sent.</summary>
    /// <param name="offset">The first byte lost.</param>
    /// <param name="count">How many.</param>
    public void Drop(long offset, long count)
    {
        lock (_gate) _drops.Add((offset, count));
    }

    /// <summary>Delivers bytes that the sender never sent, behind what it has sent so far.</summary>
    public void Inject(ReadOnlySpan<byte> bytes) => _channel.Inject(bytes);

    /// <summary>Delivers nothing until <see cref="Resume"/>; what is sent waits, up to the capacity. The receiver sees silence, not an end.</summary>
    public void Stall() => _channel.SetStalled(true);

    /// <summary>Delivers again.</summary>
    public void Resume() => _channel.SetStalled(false);

    private byte[] Pass(byte[] bytes)
    {
        lock (_gate)
        {
            var start = _sent;
            _sent += bytes.Length;
            _flushes++;
            _record?.Write(bytes);
            foreach (var (offset, bit) in _flips)
            {
                if (offset >= start && offset < _sent) bytes[offset - start] ^= (byte)(1 << bit);
            }

            if (_drops.Exists(drop => drop.Offset < _sent && drop.Offset + drop.Count > start))
            {
                bytes = [.. bytes.Where((_, i) => !_drops.Exists(drop => start + i >= drop.Offset && start + i < drop.Offset + drop.Count))];
            }

            return Tamper?.Invoke(start, bytes) ?? bytes;
        }
    }
}
