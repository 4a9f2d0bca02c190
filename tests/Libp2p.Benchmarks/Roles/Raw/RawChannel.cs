using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;

namespace Libp2p.Benchmarks.Roles.Raw;

/// <summary>A transfer over a bare socket.</summary>
internal sealed class RawChannel(Socket socket) : ITransferChannel
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    public async ValueTask SendAsync(long bytes, int block)
    {
        for (var left = bytes; left > 0;)
        {
            left -= await socket.SendAsync(Payload.Of((int)Math.Min(left, block))).ConfigureAwait(false);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes).ConfigureAwait(false)..];
    }

    public async ValueTask<bool> SkipAsync(long bytes)
    {
        for (var left = bytes; left > 0;)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length))).ConfigureAwait(false);
            if (read == 0) return false;
            left -= read;
        }

        return true;
    }

    public async ValueTask<bool> ReceiveAsync(Memory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = await socket.ReceiveAsync(bytes).ConfigureAwait(false);
            if (read == 0) return false;
            bytes = bytes[read..];
        }

        return true;
    }

    public void Dispose() => socket.Dispose();
}
