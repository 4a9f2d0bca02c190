using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Muxers.Yamux;

/// <summary>The yamux stream muxer, <c>/yamux/1.0.0</c> (libp2p/specs, yamux r0). Stateless; thread-safe.</summary>
public sealed class YamuxMuxer : IStreamMuxer
{
    private readonly YamuxOptions _options;
    private readonly ILogger _logger;

    /// <summary>Makes a muxer.</summary>
    /// <param name="options">How its connections behave; null: the defaults. Not to be changed afterwards.</param>
    /// <param name="logger">The log; null: none.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public YamuxMuxer(YamuxOptions? options = null, ILogger<YamuxMuxer>? logger = null)
    {
        _options = options ?? new YamuxOptions();
        if (_options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        _logger = logger ?? NullLogger<YamuxMuxer>.Instance;
    }

    /// <inheritdoc/>
    public ProtocolId Protocol { get; } = new("/yamux/1.0.0");

    /// <inheritdoc/>
    public ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secured);
        ArgumentNullException.ThrowIfNull(context);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IMuxedConnection>(cancellationToken);
        }

        var connection = new YamuxConnection(secured, context, _options, _logger);
        connection.Start();
        return new ValueTask<IMuxedConnection>(connection);
    }
}
