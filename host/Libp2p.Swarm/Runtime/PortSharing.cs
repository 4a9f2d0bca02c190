using System.Net.Sockets;

namespace Libp2p.Swarm;

/// <summary>Lets a dial leave from a port that another socket of this user listens on.</summary>
internal static class PortSharing
{
    private const int LinuxSolSocket = 1;
    private const int LinuxSoReusePort = 15;

    public static void Allow(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            Span<byte> on = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(on, 1);
            socket.SetRawSocketOption(LinuxSolSocket, LinuxSoReusePort, on);
        }
        else if (!OperatingSystem.IsWindows())
        {
            // Windows gives this option another meaning: any process could take the port over.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }
    }
}
