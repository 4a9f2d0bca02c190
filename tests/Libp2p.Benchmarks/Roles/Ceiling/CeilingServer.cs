using System.Net;
using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>Accepts sockets; a plain byte before the first record says what each is for.</summary>
internal static class CeilingServer
{
    public const byte Transfers = 1;
    public const byte Echoes = 2;

    public static string Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        _ = AcceptAsync(listener);
        return listener.LocalEndPoint!.ToString()!;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true) _ = ServeAsync(await listener.AcceptAsync().ConfigureAwait(false));
    }

    private static async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var buffer = new byte[1];
            if (await socket.ReceiveAsync(buffer).ConfigureAwait(false) == 0) return;
            using var channel = new CeilingChannel(socket, dialer: false);
            if (buffer[0] == Transfers) await TransferServer.ServeAsync(channel).ConfigureAwait(false);
            else while (await channel.ReceiveAsync(buffer).ConfigureAwait(false)) await channel.SendAsync(buffer).ConfigureAwait(false);
        }
        catch (SocketException)
        {
        }
    }
}
