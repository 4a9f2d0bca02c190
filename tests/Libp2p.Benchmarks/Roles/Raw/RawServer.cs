using System.Net;
using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;

namespace Libp2p.Benchmarks.Roles.Raw;

/// <summary>Accepts sockets; the first byte of each says what it is for.</summary>
internal static class RawServer
{
    public const byte Transfers = 1;
    public const byte Echoes = 2;

    public static string Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        _ = AcceptAsync(listener);
        return listener.LocalEndPoint!.ToString()!;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true) _ = ServeAsync(await listener.AcceptAsync().ConfigureAwait(false));
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                var buffer = new byte[1];
                if (await socket.ReceiveAsync(buffer).ConfigureAwait(false) == 0) return;
                if (buffer[0] == Transfers) await TransferServer.ServeAsync(new RawChannel(socket)).ConfigureAwait(false);
                else while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) == 1) await socket.SendAsync(buffer).ConfigureAwait(false);
            }
            catch (SocketException)
            {
            }
        }
    }
}
