using System.Diagnostics;
using Libp2p.Multiformats;

namespace Libp2p.TestPeer.Dialing;

/// <summary>A dialing node and its connection.</summary>
internal sealed class Dialed : IAsyncDisposable
{
    private Dialed(Peer peer, IConnection connection, double connectMs)
    {
        Peer = peer;
        Connection = connection;
        ConnectMs = connectMs;
    }

    public Peer Peer { get; }

    public IConnection Connection { get; }

    public double ConnectMs { get; }

    public static async Task<Dialed> ToAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        var peer = await Peer.StartAsync(options, listen: false).ConfigureAwait(false);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var connection = await peer.Node.ConnectAsync(address, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new Dialed(peer, connection, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch
        {
            await peer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => Peer.DisposeAsync();
}
