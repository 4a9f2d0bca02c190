using Acme.Protocol_1.Wire;
using Libp2p;
using Libp2p.Wire;

namespace Acme.Protocol_1;

/// <summary>The asking side: one stream to a peer, one request at a time.</summary>
public sealed class SampleClient : IAsyncDisposable
{
    private readonly IStream _stream;

    private SampleClient(IStream stream) => _stream = stream;

    /// <summary>Opens a stream on a connection.</summary>
    /// <exception cref="UnsupportedProtocolException">The peer does not speak the protocol.</exception>
    public static async ValueTask<SampleClient> OpenAsync(IConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new SampleClient(await connection.OpenStreamAsync([SampleHandler.ProtocolId], null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks and waits for the reply.</summary>
    /// <exception cref="ProtocolException">The peer ended the stream instead.</exception>
    /// <exception cref="StreamResetException">The peer reset it.</exception>
    public async ValueTask<string> AskAsync(string text, CancellationToken cancellationToken = default)
    {
        new Request { Text = text }.WriteDelimitedTo(_stream.Output);
        await _stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        var reply = await WireDelimited.ReadAsync<Reply>(_stream.Input, cancellation: cancellationToken).ConfigureAwait(false)
            ?? throw new ProtocolException("The peer ended the stream without a reply.");
        return reply.Text;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
