using System.Net;
using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;
using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>The workloads of one stream over the ceiling.</summary>
internal sealed class CeilingDialer(IPEndPoint server, UsageClient usage) : IDialer
{
    public async Task<Sample> MeasureAsync(Workload work)
    {
        if (work.Kind is not (WorkKind.Transfer or WorkKind.RoundTrip)) throw new NotSupportedException($"{work.Kind} over the ceiling");
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).ConfigureAwait(false);
        socket.Send([work.Kind == WorkKind.Transfer ? CeilingServer.Transfers : CeilingServer.Echoes]);
        using var channel = new CeilingChannel(socket, dialer: true);
        if (work.Kind == WorkKind.Transfer) return await TransferClient.MeasureAsync([channel], usage, work).ConfigureAwait(false);
        var buffer = new byte[1];
        await Repetition.WarmUpAsync(1, Idleness.WarmUp, EchoAsync).ConfigureAwait(false);
        return await Repetition.MeasureAsync(usage, 1, work.Count, EchoAsync).ConfigureAwait(false);

        async Task EchoAsync(int worker)
        {
            await channel.SendAsync(buffer).ConfigureAwait(false);
            if (!await channel.ReceiveAsync(buffer).ConfigureAwait(false)) throw new EndOfStreamException();
        }
    }
}
