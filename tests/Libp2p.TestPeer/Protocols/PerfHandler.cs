using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Libp2p.TestPeer.Protocols;

/// <summary><c>/perf/1.0.0</c> (libp2p/specs, perf): 8 bytes say how much to send back once everything was received.</summary>
[Protocol("/perf/1.0.0")]
internal sealed partial class PerfHandler(PeerOptions options) : IProtocolHandler
{
    private static readonly byte[] Zeros = new byte[1024 * 1024];

    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        var download = await ReadLengthAsync(stream.Input, cancellationToken).ConfigureAwait(false);
        var upload = await DrainAsync(stream.Input, cancellationToken).ConfigureAwait(false);
        await SendZerosAsync(stream.Output, download, options.Block, cancellationToken).ConfigureAwait(false);
        await stream.Output.CompleteAsync().ConfigureAwait(false);
        if (options.Bench) return;
        Lines.Print("perf", json =>
        {
            json.WriteString("peer", stream.Connection.RemotePeer.ToString());
            json.WriteNumber("upload", upload);
            json.WriteNumber("download", download);
        });
    }

    /// <summary>The client's side: sends <paramref name="upload"/> bytes, then receives <paramref name="download"/>; the seconds that each took.</summary>
    public static async Task<(double Upload, double Download)> RequestAsync(IConnection connection, long upload, long download, int block, CancellationToken cancellationToken)
    {
        var stream = await connection.OpenStreamAsync([ProtocolId], null, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var started = Stopwatch.GetTimestamp();
            BinaryPrimitives.WriteInt64BigEndian(stream.Output.GetSpan(8), download);
            stream.Output.Advance(8);
            await SendZerosAsync(stream.Output, upload, block, cancellationToken).ConfigureAwait(false);
            await stream.Output.CompleteAsync().ConfigureAwait(false);

            // The server answers, or closes, only once it has read everything.
            var first = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var uploaded = Stopwatch.GetElapsedTime(started);
            var received = first.Buffer.Length;
            stream.Input.AdvanceTo(first.Buffer.End);
            if (!first.IsCompleted) received += await DrainAsync(stream.Input, cancellationToken).ConfigureAwait(false);
            var finished = Stopwatch.GetElapsedTime(started);
            if (received != download) throw new InvalidOperationException($"expected {download} bytes, got {received}");
            return ((download > 0 ? uploaded : finished).TotalSeconds, (finished - uploaded).TotalSeconds);
        }
    }

    private static async ValueTask<long> ReadLengthAsync(PipeReader input, CancellationToken cancellationToken)
    {
        var read = await input.ReadAtLeastAsync(8, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length < 8) throw new ProtocolException("the stream ended within the 8 bytes of the perf request");
        var length = Read(read.Buffer.Slice(0, 8));
        input.AdvanceTo(read.Buffer.GetPosition(8));
        return length;

        static long Read(ReadOnlySequence<byte> bytes)
        {
            Span<byte> flat = stackalloc byte[8];
            bytes.CopyTo(flat);
            return BinaryPrimitives.ReadInt64BigEndian(flat);
        }
    }

    private static async ValueTask<long> DrainAsync(PipeReader input, CancellationToken cancellationToken)
    {
        for (long total = 0; ;)
        {
            var read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            total += read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return total;
        }
    }

    private static async ValueTask SendZerosAsync(PipeWriter output, long bytes, int block, CancellationToken cancellationToken)
    {
        block = Math.Clamp(block, 1, Zeros.Length);
        for (var left = bytes; left > 0; left -= block)
        {
            var sent = await output.WriteAsync(Zeros.AsMemory(0, (int)Math.Min(left, block)), cancellationToken).ConfigureAwait(false);
            if (sent.IsCompleted) return;
        }
    }
}
