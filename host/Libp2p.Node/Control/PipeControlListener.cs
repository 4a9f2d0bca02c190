using System.IO.Pipes;

namespace Libp2p.Node.Control;

/// <summary>A named pipe that other users cannot open.</summary>
internal sealed class PipeControlListener(string name, DataFolderLock folder) : IControlListener
{
    public async ValueTask<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeServerStream(
            name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose() => folder.Dispose();
}
