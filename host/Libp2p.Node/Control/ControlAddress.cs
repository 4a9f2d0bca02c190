using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Libp2p.Node.Control;

/// <summary>Where a node is reached: <c>control.sock</c> in its data folder; on Windows a named pipe whose name follows from the folder's path.</summary>
internal static class ControlAddress
{
    public static string SocketOf(string dataFolder) => Path.Combine(dataFolder, "control.sock");

    public static string PipeOf(string dataFolder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder)).ToUpperInvariant();
        return "libp2p-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16));
    }

    /// <summary>Opens it for clients; the lock is given back when it is closed.</summary>
    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    /// <exception cref="ArgumentException">The path is longer than the system allows for a socket.</exception>
    public static IControlListener Listen(DataFolderLock folder) =>
        OperatingSystem.IsWindows() ? new PipeControlListener(PipeOf(folder.Folder), folder) : new UnixControlListener(SocketOf(folder.Folder), folder);

    /// <summary>Connects to a running node.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static async ValueTask<Stream> ConnectAsync(string dataFolder, CancellationToken cancellationToken)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                var pipe = new NamedPipeClientStream(".", PipeOf(dataFolder), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
                await pipe.ConnectAsync(2000, cancellationToken).ConfigureAwait(false);
                return pipe;
            }

            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketOf(dataFolder)), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new CommandException($"The node on the data folder {dataFolder} belongs to another user.", "ask as the user who runs it.", e);
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException or ArgumentException)
        {
            throw new CommandException($"No node runs on the data folder {dataFolder}.", "start one with 'libp2p', or name the folder of one that runs with --data DIR.", e);
        }
    }
}
