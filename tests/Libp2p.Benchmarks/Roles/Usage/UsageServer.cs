using System.Net;
using System.Net.Sockets;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>Tells the dialer what this process has used, when asked, from a thread of its own that otherwise sleeps in a blocking read.</summary>
internal static class UsageServer
{
    public const byte AskSpending = 1;
    public const byte AskFootprint = 2;

    /// <summary>Starts it; returns the port.</summary>
    public static int Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        new Thread(() => Serve(listener)) { IsBackground = true, Name = "usage" }.Start();
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private static void Serve(Socket listener)
    {
        Span<byte> question = stackalloc byte[1];
        Span<byte> answer = stackalloc byte[Math.Max(Spending.Size, Footprint.Size)];
        while (true)
        {
            using var asking = listener.Accept();
            asking.NoDelay = true;
            while (asking.Receive(question) == 1)
            {
                if (question[0] == AskSpending) Spending.Now.Write(answer);
                else Footprint.Now.Write(answer);
                asking.Send(answer);
            }
        }
    }
}
