namespace Libp2p.Benchmarks.Roles.Transfers;

/// <summary>Serves one request after the other until the dialer ends. It always reads: the ceiling takes its credit with what it reads.</summary>
internal static class TransferServer
{
    public static async Task ServeAsync(ITransferChannel channel)
    {
        var buffer = new byte[TransferRequest.Size];
        var one = new byte[1];
        var next = channel.ReceiveAsync(buffer);
        while (await next.ConfigureAwait(false))
        {
            var request = TransferRequest.Read(buffer);
            if (request.Down)
            {
                next = channel.ReceiveAsync(buffer);
                await channel.SendAsync(request.Bytes, request.Block).ConfigureAwait(false);
            }
            else
            {
                if (!await channel.SkipAsync(request.Bytes).ConfigureAwait(false)) return;
                next = channel.ReceiveAsync(buffer);
                await channel.SendAsync(one).ConfigureAwait(false);
            }
        }
    }
}
