using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;

namespace Libp2p.Endurance.Loads;

/// <summary>Those who load a node, all of this process.</summary>
internal static class Crowd
{
    /// <summary>Connects, is closed, and connects again, four at a time, until cancelled. Returns how often.</summary>
    public static async Task<long> FloodAsync(IPEndPoint target, CancellationToken cancel)
    {
        long knocks = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!cancel.IsCancellationRequested)
            {
                using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
                try
                {
                    await socket.ConnectAsync(target, cancel).ConfigureAwait(false);
                    await socket.SendAsync("\u0013/multistream/1.0.0\n\u0007/noise\n"u8.ToArray(), cancel).ConfigureAwait(false);
                    await socket.ReceiveAsync(new byte[64], cancel).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    // Refused.
                }

                Interlocked.Increment(ref knocks);
            }
        })).ConfigureAwait(false);
        return knocks;
    }

    /// <summary>Sockets that say nothing; where one is closed another takes its place, until cancelled. Returns how many there were.</summary>
    public static async Task<long> SilentAsync(IPEndPoint target, int count, CancellationToken cancel)
    {
        long sockets = 0;
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            while (!cancel.IsCancellationRequested)
            {
                using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
                try
                {
                    await socket.ConnectAsync(target, cancel).ConfigureAwait(false);
                    Interlocked.Increment(ref sockets);
                    await socket.ReceiveAsync(new byte[1], cancel).ConfigureAwait(false);
                    await Task.Delay(1000, cancel).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    // Closed: by the node, which had no place for it, or at the end.
                }
            }
        })).ConfigureAwait(false);
        return sockets;
    }

    /// <summary>Readers that ask for data and take none, a hundred a connection, until disposed.</summary>
    public static async Task<LoadNode> SlowAsync(Multiaddr target, int count)
    {
        var node = await LoadNode.StartAsync("").ConfigureAwait(false);
        for (var opened = 0; opened < count;)
        {
            var connection = await node.Node.ConnectAsync(target, new ConnectOptions { ForceNew = true }).ConfigureAwait(false);
            for (var number = 0; number < 100 && opened < count; number++, opened++)
            {
                var stream = await connection.OpenStreamAsync([LoadNode.Source]).ConfigureAwait(false);
                await stream.Output.WriteAsync(new byte[1]).ConfigureAwait(false);
            }
        }

        return node;
    }
}
