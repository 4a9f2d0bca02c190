namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>What a measured node serves. Echo is that of the peers' contract, so that a measurement can also be let loose on a stranger.</summary>
internal static class NodeProtocols
{
    public static readonly ProtocolId Transfer = "/benchmarks/transfer/1.0.0";
    public static readonly ProtocolId Block = "/benchmarks/block/1.0.0";
    public static readonly ProtocolId Echo = "/echo/1.0.0";

    public static void Serve(INode node)
    {
        node.Handle(Transfer, static async (stream, _) => await Transfers.TransferServer.ServeAsync(new StreamChannel(stream)).ConfigureAwait(false));
        node.Handle(Echo, static (stream, _) => EchoAsync(stream));
        node.Handle(Block, static (stream, cancellationToken) =>
        {
            // Deliberately holds the thread, until the dialer resets the stream.
            stream.Output.WriteAsync(new byte[1], cancellationToken).AsTask().GetAwaiter().GetResult();
            stream.Aborted.WaitHandle.WaitOne();
            return ValueTask.CompletedTask;
        });
    }

    private static async ValueTask EchoAsync(IStream stream)
    {
        while (true)
        {
            var read = await stream.Input.ReadAsync().ConfigureAwait(false);
            foreach (var piece in read.Buffer) await stream.Output.WriteAsync(piece).ConfigureAwait(false);
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        await stream.Output.CompleteAsync().ConfigureAwait(false);
    }
}
