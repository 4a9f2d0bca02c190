
namespace Libp2p.TestPeer.Protocols;

/// <summary><c>/echo/1.0.0</c>: every byte comes back; the server closes its side when the client has closed its own.</summary>
[Protocol("/echo/1.0.0")]
internal sealed partial class EchoHandler(PeerOptions options) : IProtocolHandler
{
    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        long bytes = 0;
        try
        {
            while (true)
            {
                var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                bytes += read.Buffer.Length;
                foreach (var piece in read.Buffer) await stream.Output.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                stream.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            await stream.Output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!options.Bench)
        {
            Lines.Print("echo-error", json =>
            {
                json.WriteString("peer", stream.Connection.RemotePeer.ToString());
                json.WriteString("error", e.Message);
            });
            throw;
        }

        if (options.Bench) return;
        Lines.Print("echo", json =>
        {
            json.WriteString("peer", stream.Connection.RemotePeer.ToString());
            json.WriteNumber("bytes", bytes);
        });
    }
}
