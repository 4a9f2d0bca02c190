using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Libp2p.Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Tls;

/// <summary>The security channel <c>/tls/1.0.0</c>. Thread-safe.</summary>
[Protocol("/tls/1.0.0")]
internal sealed partial class TlsChannel : ISecurityChannel
{
    private readonly TlsOptions _options;
    private readonly ILogger<TlsChannel> _logger;
    private readonly OwnCertificates<SslStreamCertificateContext> _own;
    private readonly PeerCertificates _proven;

    public TlsChannel(IOptions<TlsOptions> options, ILogger<TlsChannel> logger)
    {
        _options = options.Value;
        _logger = logger;
        _own = new OwnCertificates<SslStreamCertificateContext>(MakeCertificate, _options.CertificateLifetime);
        _proven = new PeerCertificates(_options.MaxProvenCertificates);
    }

    /// <inheritdoc/>
    public bool DialerSpeaksFirst => true;

    /// <inheritdoc/>
    public async ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        var time = context.Runtime.Time;
        var start = time.GetTimestamp();
        using var activity = TlsTelemetry.StartHandshake(context);
        var outcome = TlsOutcome.Failed;
        try
        {
            var secured = await HandshakeAsync(wire, context, cancellationToken).ConfigureAwait(false);
            outcome = TlsOutcome.Ok;
            activity?.SetTag("libp2p.peer", secured.RemoteKey.PeerId.ToString());
            return secured;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = TlsOutcome.Canceled;
            throw;
        }
        catch (PeerIdMismatchException e)
        {
            outcome = TlsOutcome.WrongPeer;
            TlsLog.Failed(_logger, context.Role, e.Message);
            throw;
        }
        catch (Libp2pException e) when (e is SecureChannelException or NegotiationException)
        {
            TlsLog.Failed(_logger, context.Role, e.Message);
            throw;
        }
        catch (Exception e) when (e is TransportException or AuthenticationException or IOException or CryptographicException or OperationCanceledException or ObjectDisposedException)
        {
            TlsLog.Failed(_logger, context.Role, e.Message);
            throw new SecureChannelException($"The TLS handshake failed: {TlsErrors.Reason(e)}", e);
        }
        finally
        {
            activity?.SetStatus(outcome == TlsOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome);
            TlsTelemetry.Record(context.Role, outcome, time.GetElapsedTime(start));
        }
    }

    private async ValueTask<SecuredBytes> HandshakeAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableArray<ProtocolId> muxers = _options.EarlyMuxerNegotiation ? context.OfferedMuxers : [];
        var handshake = new TlsHandshake(context, _own.Get(context.Identity, context.Runtime.Time.GetUtcNow()), _proven, muxers);
        var stream = new TlsWire(wire, context.Role, _options.MaxHandshakeBytes, context.Runtime.Scheduler);
        var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        try
        {
            context.Progress?.Report("tls: shaking hands");
            await handshake.RunAsync(tls, cancellationToken).ConfigureAwait(false);
            stream.IsEstablished = true;
            var key = handshake.RemoteKey;
            var muxer = handshake.EarlyMuxer(tls.NegotiatedApplicationProtocol);
            TlsLog.Secured(_logger, key.PeerId, context.Role, tls.NegotiatedCipherSuite, muxer);
            return new SecuredBytes(new TlsConnection(wire, stream, tls, _options.MaxUnconsumedBytes, context.Scope), key, muxer);
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (handshake.Refusal is { } refusal) throw refusal;

            // What the wire threw, SslStream may have wrapped.
            if (TlsErrors.Find<SecureChannelException>(e) is { } known && known != e) throw known;
            if (TlsErrors.Find<NegotiationException>(e) is { } negotiation && negotiation != e) throw negotiation;
            throw;
        }
    }

    private SslStreamCertificateContext MakeCertificate(NodeIdentity identity, DateTimeOffset now)
    {
        var certificate = OwnCertificate.Create(identity, now, _options.CertificateLifetime);
        TlsLog.Certificate(_logger, identity.PeerId, certificate.NotAfter);

        // Offline: nothing is asked of any authority.
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }
}
