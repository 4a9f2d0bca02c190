using Libp2p.Peers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Ping;

/// <summary>
/// Answers pings. Thread-safe. A stream serves any number of pings, one after the other, without allocating; more streams of a peer than allowed, a ping cut short and
/// a remote that does not read its answers are reset.
/// </summary>
[Protocol("/ipfs/ping/1.0.0")]
internal sealed partial class PingHandler(NodeRuntime runtime, IOptions<PingOptions> options, ILogger<PingHandler> logger) : IProtocolHandler
{
    private readonly PingOptions _options = options.Value;
    private readonly PeerPlaces _places = new(runtime, options.Value.MaxStreamsPerPeer, options.Value.StreamGrace);

    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        var peer = stream.Connection.RemotePeer;
        if (!await _places.EnterAsync(peer, cancellationToken).ConfigureAwait(false))
        {
            PingLog.TooManyStreams(logger, peer, _options.MaxStreamsPerPeer);
            stream.Abort(StreamSide.Both, StreamErrorCode.ResourceLimitExceeded);
            return;
        }

        try
        {
            await ServeAsync(stream, peer).ConfigureAwait(false);
        }
        finally
        {
            _places.Leave(peer);
        }
    }

    // Without a token: a reset fails the reads and writes themselves.
    private async ValueTask ServeAsync(IStream stream, PeerId peer)
    {
        await using var deadline = runtime.Time.CreateTimer(
            static state => ((IStream)state!).Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation), stream, _options.Timeout, Timeout.InfiniteTimeSpan);
        try
        {
            var inside = false;
            while (true)
            {
                var read = await stream.Input.ReadAsync().ConfigureAwait(false);
                var rest = read.Buffer;
                var answered = PingEcho.Answer(ref rest, stream.Output);
                var left = rest.Length;
                stream.Input.AdvanceTo(rest.Start, rest.End);
                if (answered > 0)
                {
                    Arm(deadline, _options.Timeout);
                    await stream.Output.FlushAsync().ConfigureAwait(false);
                }

                if (read.IsCompleted)
                {
                    await EndAsync(stream, peer, left).ConfigureAwait(false);
                    return;
                }

                // The clock of a ping starts with its first byte; further ones do not set it back.
                if (left > 0 && (!inside || answered > 0))
                {
                    Arm(deadline, _options.Timeout);
                }
                else if (left == 0 && answered > 0)
                {
                    Arm(deadline, _options.IdleTimeout);
                }

                inside = left > 0;
            }
        }
        catch (StreamResetException reset)
        {
            // By the remote, which may always leave, or by the deadline.
            PingLog.Reset(logger, peer, reset);
        }
    }

    private async ValueTask EndAsync(IStream stream, PeerId peer, long left)
    {
        if (left == 0)
        {
            await stream.Output.CompleteAsync().ConfigureAwait(false);
            return;
        }

        PingLog.CutShort(logger, peer, left);
        stream.Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation);
    }

    private static void Arm(ITimer deadline, TimeSpan after) => deadline.Change(after, Timeout.InfiniteTimeSpan);
}
