using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Identify;

/// <summary>A message over a stream, either way. The caller sets the time limit.</summary>
internal static class IdentifyExchange
{
    /// <summary>Sends all parts and closes the write side.</summary>
    public static async ValueTask SendAsync(IStream stream, List<Message> parts, CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            part.WriteDelimitedTo(stream.Output);
        }

        await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        await stream.Output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Reads parts to the end of the stream. A reset between two parts counts as the end: some are in a hurry to be rid of the stream.</summary>
    /// <exception cref="ProtocolException">It ended without a message, or inside a part, or had too many.</exception>
    /// <exception cref="WireFormatException">A part is malformed or too long.</exception>
    /// <exception cref="StreamResetException">Reset before a part, or inside one.</exception>
    public static async ValueTask<Message> ReceiveAsync(IStream stream, CancellationToken cancellationToken)
    {
        var assembler = new IdentifyAssembler();
        var left = 0L;
        while (true)
        {
            bool ended;
            try
            {
                var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                var rest = read.Buffer;
                assembler.Take(ref rest);
                left = rest.Length;
                ended = read.IsCompleted;
                stream.Input.AdvanceTo(rest.Start, rest.End);
            }
            catch (StreamResetException reset) when (reset.ByRemote && assembler.HasMessage && left == 0)
            {
                return assembler.Message;
            }

            if (ended)
            {
                return assembler.HasMessage && left == 0
                    ? assembler.Message
                    : throw new ProtocolException(left > 0 ? "The identify message ended inside a part." : "The stream ended without an identify message.");
            }
        }
    }
}
