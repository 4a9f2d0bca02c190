namespace Libp2p.Endurance.Soak;

/// <summary>The listening side of the conversations.</summary>
internal static class Replies
{
    /// <summary>Every byte comes back.</summary>
    public static readonly ProtocolId Echo = "/soak/echo/1.0.0";

    /// <summary>More than a window comes, unasked.</summary>
    public static readonly ProtocolId Flood = "/soak/flood/1.0.0";

    /// <summary>Is reset after a byte.</summary>
    public static readonly ProtocolId Reset = "/soak/reset/1.0.0";

    /// <summary>Nobody serves it.</summary>
    public static readonly ProtocolId Nobodys = "/soak/nobody/1.0.0";

    /// <summary>Bytes of a flood.</summary>
    public const int FloodLength = 700_000;

    public static void Serve(INode node)
    {
        node.Handle(Echo, EchoAsync);
        node.Handle(Flood, FloodAsync);
        node.Handle(Reset, ResetAsync);
    }

    private static async ValueTask EchoAsync(IStream stream, CancellationToken cancellationToken)
    {
        await stream.Input.CopyToAsync(stream.Output, cancellationToken).ConfigureAwait(false);
        await stream.Output.CompleteAsync().ConfigureAwait(false);
    }

    private static async ValueTask FloodAsync(IStream stream, CancellationToken cancellationToken)
    {
        var block = new byte[10_000];
        for (var sent = 0; sent < FloodLength; sent += block.Length)
        {
            await stream.Output.WriteAsync(block, cancellationToken).ConfigureAwait(false);
        }

        await stream.Output.CompleteAsync().ConfigureAwait(false);
        while (true)
        {
            var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static async ValueTask ResetAsync(IStream stream, CancellationToken cancellationToken)
    {
        await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        stream.Abort(StreamSide.Both, new StreamErrorCode(7));
    }
}
