using System.Net;
using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;
using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Raw;

/// <summary>
/// The workloads over bare sockets, as what the others are compared with: where they open streams, it sends a byte and gets one over a socket that is
/// open; where they shake hands, it connects.
/// </summary>
internal sealed class RawDialer(IPEndPoint server, UsageClient usage) : IDialer
{
    public async Task<Sample> MeasureAsync(Workload work)
    {
        switch (work.Kind)
        {
            case WorkKind.Transfer:
                var channels = new List<ITransferChannel>();
                for (var i = 0; i < work.Connections; i++) channels.Add(new RawChannel(await ConnectAsync(RawServer.Transfers).ConfigureAwait(false)));
                return await TransferClient.MeasureAsync(channels, usage, work).ConfigureAwait(false);
            case WorkKind.RoundTrip or WorkKind.Streams:
                return await EchoesAsync(work).ConfigureAwait(false);
            case WorkKind.Handshakes:
                await Repetition.WarmUpAsync(work.Concurrency, 40, OnceAsync).ConfigureAwait(false);
                return await Repetition.MeasureAsync(usage, work.Concurrency, work.Count, OnceAsync).ConfigureAwait(false);
            case WorkKind.IdleConnections:
                return await Idleness.MeasureAsync(usage, work.Concurrency, work.Count, async _ => await ConnectAsync(RawServer.Echoes).ConfigureAwait(false)).ConfigureAwait(false);
            default:
                throw new NotSupportedException($"{work.Kind} over bare sockets");
        }
    }

    private async Task<Sample> EchoesAsync(Workload work)
    {
        var sockets = new List<Socket>();
        for (var i = 0; i < work.Concurrency; i++) sockets.Add(await ConnectAsync(RawServer.Echoes).ConfigureAwait(false));
        var buffers = sockets.ConvertAll(_ => new byte[1]);
        await Repetition.WarmUpAsync(work.Concurrency, Idleness.WarmUp, EchoAsync).ConfigureAwait(false);
        return await Repetition.MeasureAsync(usage, work.Concurrency, work.Count, EchoAsync).ConfigureAwait(false);

        async Task EchoAsync(int worker)
        {
            await sockets[worker].SendAsync(buffers[worker]).ConfigureAwait(false);
            if (await sockets[worker].ReceiveAsync(buffers[worker]).ConfigureAwait(false) == 0) throw new EndOfStreamException();
        }
    }

    private async Task OnceAsync(int worker)
    {
        using var socket = await ConnectAsync(RawServer.Echoes).ConfigureAwait(false);
        var buffer = new byte[1];
        await socket.SendAsync(buffer).ConfigureAwait(false);
        await socket.ReceiveAsync(buffer).ConfigureAwait(false);
    }

    private async Task<Socket> ConnectAsync(byte purpose)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).ConfigureAwait(false);
        await socket.SendAsync(new[] { purpose }).ConfigureAwait(false);
        return socket;
    }
}
