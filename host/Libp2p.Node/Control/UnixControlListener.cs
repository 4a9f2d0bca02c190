using System.Net.Sockets;

namespace Libp2p.Node.Control;

/// <summary>A Unix domain socket of mode 0600.</summary>
internal sealed class UnixControlListener : IControlListener
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private readonly DataFolderLock _folder;

    public UnixControlListener(string path, DataFolderLock folder)
    {
        _path = path;
        _folder = folder;
        try
        {
            var address = new UnixDomainSocketEndPoint(path);

            // Of a node that died: were it alive, it had the lock.
            File.Delete(path);
            _socket.Bind(address);

            // Nobody can connect between the two: a socket that does not listen yet refuses.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(ControlLimits.MaxClients);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public async ValueTask<Stream> AcceptAsync(CancellationToken cancellationToken) =>
        new NetworkStream(await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false), ownsSocket: true);

    public void Dispose()
    {
        _socket.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next node replaces it.
        }

        _folder.Dispose();
    }
}
