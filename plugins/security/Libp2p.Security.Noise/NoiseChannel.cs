using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Libp2p.Crypto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Noise;

/// <summary>The security channel <c>/noise</c>. Thread-safe.</summary>
[Protocol("/noise")]
internal sealed partial class NoiseChannel : ISecurityChannel, IDisposable
{
    private readonly NoiseOptions _options;
    private readonly ILogger<NoiseChannel> _logger;
    private readonly AeadProvider _aead;
    private readonly NoiseStaticKeys _staticKeys;
    private readonly NoiseEphemeralKeys _ephemeralKeys;
    private readonly NoiseProvenKeys _proven;

    public NoiseChannel(IOptions<NoiseOptions> options, ILogger<NoiseChannel> logger)
        : this(options, logger, CryptoProviders.Aead, CryptoProviders.X25519)
    {
    }

    internal NoiseChannel(IOptions<NoiseOptions> options, ILogger<NoiseChannel> logger, AeadProvider aead, X25519Provider x25519)
    {
        _options = options.Value;
        _logger = logger;
        _aead = aead;
        _staticKeys = new NoiseStaticKeys(x25519);
        _ephemeralKeys = new NoiseEphemeralKeys(x25519);
        _proven = new NoiseProvenKeys(_options.MaxProvenKeys);
        NoiseLog.Providers(logger, CryptoProviders.Describe());
    }

    /// <inheritdoc/>
    public bool DialerSpeaksFirst => true;

    /// <inheritdoc/>
    public async ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        var time = context.Runtime.Time;
        var start = time.GetTimestamp();
        using var activity = NoiseTelemetry.StartHandshake(context);
        var outcome = NoiseOutcome.Failed;
        try
        {
            var secured = await HandshakeAsync(wire, context, cancellationToken).ConfigureAwait(false);
            outcome = NoiseOutcome.Ok;
            activity?.SetTag("libp2p.peer", secured.RemoteKey.PeerId.ToString());
            NoiseLog.Secured(_logger, secured.RemoteKey.PeerId, context.Role, secured.EarlyMuxer);
            return secured;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = NoiseOutcome.Canceled;
            throw;
        }
        catch (PeerIdMismatchException e)
        {
            outcome = NoiseOutcome.WrongPeer;
            NoiseLog.Failed(_logger, context.Role, e.Message);
            throw;
        }
        catch (SecureChannelException e)
        {
            NoiseLog.Failed(_logger, context.Role, e.Message);
            throw;
        }
        catch (Exception e) when (e is TransportException or CryptographicException or OperationCanceledException)
        {
            NoiseLog.Failed(_logger, context.Role, e.Message);
            throw new SecureChannelException($"The connection broke during the Noise handshake: {e.Message}", e);
        }
        finally
        {
            activity?.SetStatus(outcome == NoiseOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome);
            NoiseTelemetry.Record(context.Role, outcome, time.GetElapsedTime(start));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ephemeralKeys.Dispose();

    private async ValueTask<SecuredBytes> HandshakeAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableArray<ProtocolId> muxers = _options.EarlyMuxerNegotiation ? [.. context.OfferedMuxers.Take(NoiseOptions.MostEarlyMuxers)] : [];
        using var session = new NoiseSession(
            context.Role == ConnectionRole.Dialer,
            context.Prologue.Span,
            _staticKeys.Get(context.Identity, context.Runtime.Random),
            _ephemeralKeys.Take(context.Runtime),
            context.Expected,
            muxers,
            _options.MaxEarlyMuxers,
            _proven,
            _aead);
        while (!session.IsComplete)
        {
            if (session.IsMyTurn)
            {
                context.Progress?.Report("noise: sending a handshake message");
                await WriteAsync(session, wire.Output, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                context.Progress?.Report("noise: waiting for the remote's handshake message");
                await ReadAsync(session, wire.Input, cancellationToken).ConfigureAwait(false);
            }
        }

        var connection = new NoiseConnection(wire, session.Split(), _options.MaxUnconsumedBytes, context.Scope);
        return new SecuredBytes(connection, session.RemoteKey, session.EarlyMuxer);
    }

    private static async ValueTask WriteAsync(NoiseSession session, PipeWriter output, CancellationToken cancellationToken)
    {
        var size = session.NextSize;
        session.WriteNext(output.GetSpan(size));
        output.Advance(size);
        var flushed = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new SecureChannelException("The remote closed the connection during the Noise handshake.");
        }
    }

    /// <summary>Takes exactly one message: what follows it in the wire is of the connection.</summary>
    private static async ValueTask ReadAsync(NoiseSession session, PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var received = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (NoiseSession.TryReadFrame(received.Buffer, out var message))
            {
                try
                {
                    Handle(session, message);
                }
                finally
                {
                    input.AdvanceTo(message.End);
                }

                return;
            }

            var (start, end) = (received.Buffer.Start, received.Buffer.End);
            input.AdvanceTo(start, end);
            if (received.IsCompleted)
            {
                throw new SecureChannelException("The remote closed the connection during the Noise handshake.");
            }

            if (received.IsCanceled)
            {
                throw new OperationCanceledException("The pending read was cancelled.");
            }
        }
    }

    private static void Handle(NoiseSession session, in ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
        {
            session.HandleMessage(message.FirstSpan);
            return;
        }

        var length = (int)message.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.CopyTo(rented);
            session.HandleMessage(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
