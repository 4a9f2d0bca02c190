#if (!validProtocolId)
#error The protocol id "/sample/1.0.0" is not usable: write segments with a slash before each and without white space, as /acme/chat/1.0.0.
#endif
using Acme.Protocol_1.Wire;
using Libp2p;
using Libp2p.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Acme.Protocol_1;

/// <summary>The answering side: a reply for every request of a stream, until the remote ends it. Thread-safe.</summary>
[Protocol("/sample/1.0.0")]
internal sealed partial class SampleHandler(NodeRuntime runtime, IOptions<SampleOptions> options, ILogger<SampleHandler> logger) : IProtocolHandler
{
    private readonly SampleOptions _options = options.Value;

    /// <summary>Returning closes the stream. Throwing (a message that is none, or too long) resets it.</summary>
    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        // Time comes from the node, so that tests can set the clock.
        await using var deadline = runtime.Time.CreateTimer(
            static state => ((IStream)state!).Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation), stream, _options.Timeout, Timeout.InfiniteTimeSpan);
        while (await WireDelimited.ReadAsync<Request>(stream.Input, cancellation: cancellationToken).ConfigureAwait(false) is { } request)
        {
            deadline.Change(_options.Timeout, Timeout.InfiniteTimeSpan);
            SampleLog.Asked(logger, stream.Connection.RemotePeer);
            var reply = new Reply { Text = $"{_options.Greeting}, {request.Text}" };
            reply.WriteDelimitedTo(stream.Output);
            await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
