using System.Buffers;
using System.IO.Pipelines;
using Shouldly;

namespace Libp2p.TestKit;

/// <summary>What tests do with byte streams all the time.</summary>
public static class DuplexBytes
{
    /// <summary>Bytes that depend on the seed alone.</summary>
    public static byte[] Pattern(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new SeededRandomSource(seed).Fill(bytes);
        return bytes;
    }

    /// <summary>Compares bytes and, where they differ, says how many and where instead of showing them all.</summary>
    public static void ShouldBeBytes(this byte[] actual, ReadOnlySpan<byte> expected, string what = "the bytes")
    {
        if (actual.AsSpan().SequenceEqual(expected)) return;
        var same = actual.AsSpan().CommonPrefixLength(expected);
        throw new ShouldAssertException($"{what}: {actual.Length} bytes where {expected.Length} were expected; they differ from byte {same} on.");
    }

    /// <summary>Reads and consumes exactly so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The end came first.</exception>
    public static async Task<byte[]> ReadExactlyAsync(this PipeReader reader, int length, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[length];
        var at = 0;
        while (at < length)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var take = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - at));
            take.CopyTo(bytes.AsSpan(at));
            at += (int)take.Length;
            reader.AdvanceTo(take.End);
            if (at < length && read.IsCompleted) throw new EndOfStreamException($"The end came after {at} of {length} bytes.");
        }

        return bytes;
    }

    /// <summary>Reads and consumes everything up to the end.</summary>
    public static async Task<byte[]> ReadToEndAsync(this PipeReader reader, CancellationToken cancellationToken = default)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var part in read.Buffer) bytes.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return bytes.WrittenSpan.ToArray();
        }
    }

    /// <summary>Reads and discards everything up to the end, or until it breaks; says how many bytes came.</summary>
    public static async Task<long> DrainAsync(this PipeReader reader, CancellationToken cancellationToken = default)
    {
        for (var count = 0L; ;)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            count += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return count;
        }
    }

    /// <summary>Writes in pieces, flushing each, and ends the write side.</summary>
    public static async Task WriteToEndAsync(this PipeWriter writer, ReadOnlyMemory<byte> bytes, int piece = 64 * 1024, CancellationToken cancellationToken = default)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(piece, bytes.Length)..])
        {
            await writer.WriteAsync(bytes[..Math.Min(piece, bytes.Length)], cancellationToken).ConfigureAwait(false);
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Sends back what comes in until the end, then ends the write side.</summary>
    public static async Task EchoAsync(this IDuplexPipe pipe, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var part in read.Buffer) pipe.Output.Write(part.Span);
            pipe.Input.AdvanceTo(read.Buffer.End);
            await pipe.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (!read.IsCompleted) continue;
            await pipe.Output.CompleteAsync().ConfigureAwait(false);
            return;
        }
    }
}
