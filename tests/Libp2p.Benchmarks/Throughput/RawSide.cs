using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.Benchmarks.Throughput;

/// <summary>The same transfer over a bare socket.</summary>
internal static class RawSide
{
    public static async Task<int> ServeAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(listener.LocalEndpoint);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync().ConfigureAwait(false);
                _ = Transfer.ReceiveAsync(new SocketPipe(socket));
            }
        });
        await Console.In.ReadToEndAsync().ConfigureAwait(false);
        return 0;
    }

    public static async Task<int> SendAsync(string address, int mebibytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(address)).ConfigureAwait(false);
        Console.WriteLine((await Transfer.SendAsync(new SocketPipe(socket), mebibytes).ConfigureAwait(false)).ToLine());
        return 0;
    }

    /// <summary>A socket as pipes, with buffers of the size that the transport uses.</summary>
    private sealed class SocketPipe(Socket socket) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(new NetworkStream(socket), new StreamPipeReaderOptions(bufferSize: 256 * 1024, minimumReadSize: 64 * 1024));

        public PipeWriter Output { get; } = PipeWriter.Create(new NetworkStream(socket));
    }
}
