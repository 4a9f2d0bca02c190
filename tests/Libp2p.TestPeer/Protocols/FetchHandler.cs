using System.Text;
using Libp2p.Wire;

namespace Libp2p.TestPeer.Protocols;

/// <summary><c>/libp2p/fetch/0.0.1</c> (libp2p/specs, fetch): key <c>/test/X</c> gives <c>value of /test/X</c>; <c>/test/missing...</c> is not found.</summary>
[Protocol("/libp2p/fetch/0.0.1")]
internal sealed partial class FetchHandler(PeerOptions options) : IProtocolHandler
{
    /// <summary>The longest message read, in bytes.</summary>
    private const int MaxMessage = 64 * 1024;

    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        var request = await WireDelimited.ReadAsync<FetchRequest>(stream.Input, MaxMessage, cancellationToken).ConfigureAwait(false);
        if (request is null) return;
        var key = Encoding.UTF8.GetString(request.Identifier.Span);
        if (!options.Bench) Lines.Print("fetch", json => json.WriteString("key", key));
        var found = key.StartsWith("/test/", StringComparison.Ordinal) && !key.StartsWith("/test/missing", StringComparison.Ordinal);
        var response = found
            ? new FetchResponse { Status = FetchStatus.Ok, Data = Encoding.UTF8.GetBytes($"value of {key}") }
            : new FetchResponse { Status = FetchStatus.NotFound };
        response.WriteDelimitedTo(stream.Output);
        await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The client's side; null: not found.</summary>
    public static async Task<byte[]?> FetchAsync(IConnection connection, string key, CancellationToken cancellationToken)
    {
        var stream = await connection.OpenStreamAsync([ProtocolId], null, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            new FetchRequest { Identifier = Encoding.UTF8.GetBytes(key) }.WriteDelimitedTo(stream.Output);
            await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            var response = await WireDelimited.ReadAsync<FetchResponse>(stream.Input, MaxMessage, cancellationToken).ConfigureAwait(false)
                ?? throw new ProtocolException("the stream ended without a fetch response");
            return response.Status switch
            {
                FetchStatus.Ok => response.Data.ToArray(),
                FetchStatus.NotFound => null,
                _ => throw new ProtocolException($"fetch failed at the remote: {response.Status}"),
            };
        }
    }
}

/// <summary>Asks for the value of a key.</summary>
[WireMessage]
internal sealed partial class FetchRequest
{
    [WireField(1, MaxLength = 2048)]
    public ReadOnlyMemory<byte> Identifier { get; set; }
}

/// <summary>The value, or why there is none.</summary>
[WireMessage]
internal sealed partial class FetchResponse
{
    [WireField(1)]
    public FetchStatus Status { get; set; }

    [WireField(2, MaxLength = 32 * 1024)]
    public ReadOnlyMemory<byte> Data { get; set; }
}

internal enum FetchStatus
{
    Ok = 0,
    NotFound = 1,
    Error = 2,
}
