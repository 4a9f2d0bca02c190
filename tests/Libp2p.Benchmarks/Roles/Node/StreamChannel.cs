using System.Buffers;
using Libp2p.Benchmarks.Roles.Transfers;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>A transfer over a stream of a node.</summary>
internal sealed class StreamChannel(IStream stream) : ITransferChannel
{
    public async ValueTask SendAsync(long bytes, int block)
    {
        for (var left = bytes; left > 0; left -= Math.Min(left, block))
        {
            await stream.Output.WriteAsync(Payload.Of((int)Math.Min(left, block))).ConfigureAwait(false);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => await stream.Output.WriteAsync(bytes).ConfigureAwait(false);

    public async ValueTask<bool> SkipAsync(long bytes)
    {
        for (var left = bytes; left > 0;)
        {
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            if (read.Buffer.IsEmpty && read.IsCompleted) return false;
            var taken = Math.Min(left, read.Buffer.Length);
            left -= taken;
            stream.Input.AdvanceTo(taken == read.Buffer.Length ? read.Buffer.End : read.Buffer.GetPosition(taken));
        }

        return true;
    }

    public async ValueTask<bool> ReceiveAsync(Memory<byte> bytes)
    {
        var read = await stream.Input.ReadAtLeastAsync(bytes.Length).ConfigureAwait(false);
        if (read.Buffer.Length < bytes.Length) return false;
        var wanted = read.Buffer.Slice(0, bytes.Length);
        wanted.CopyTo(bytes.Span);
        stream.Input.AdvanceTo(wanted.End);
        return true;
    }

    public void Dispose() => stream.Abort(StreamSide.Both, StreamErrorCode.None);
}
