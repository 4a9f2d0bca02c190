using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Libp2p.Certificates;

namespace Libp2p.Security.Tls;

/// <summary>
/// One handshake of libp2p on TLS 1.3 (libp2p/specs, tls, r2): what is asked of <see cref="SslStream"/>, and who the remote proved to be. Both show exactly one certificate, no name is indicated, nothing is resumed.
/// One caller at a time.
/// </summary>
/// <remarks>
/// The muxer is agreed on by ALPN (libp2p/specs, inlined-muxer-negotiation, r1): each lists its own and <c>libp2p</c> behind them, which stands for none; the listener takes the first of its own that the
/// dialer has.
/// </remarks>
internal sealed class TlsHandshake
{
    /// <summary>Stands for no muxer.</summary>
    private static readonly SslApplicationProtocol NoMuxer = new("libp2p");

    private readonly UpgradeContext _context;
    private readonly PeerCertificates _proven;
    private readonly SslStreamCertificateContext _own;
    private readonly ImmutableArray<ProtocolId> _muxers;
    private PublicKey? _remoteKey;

    /// <param name="context">Of the connection.</param>
    /// <param name="own">This side's certificate.</param>
    /// <param name="proven">Verifies the remote's.</param>
    /// <param name="muxers">Those on offer, in order of preference; empty: none is negotiated early.</param>
    public TlsHandshake(UpgradeContext context, SslStreamCertificateContext own, PeerCertificates proven, ImmutableArray<ProtocolId> muxers)
    {
        _context = context;
        _own = own;
        _proven = proven;
        _muxers = muxers;
    }

    /// <summary>The remote's proven key. Of use once the handshake is done.</summary>
    public PublicKey RemoteKey => _remoteKey ?? throw new SecureChannelException("The remote did not say who it is: it sent no certificate.");

    /// <summary>Why the remote's certificate was refused; null: it was not.</summary>
    public SecureChannelException? Refusal { get; private set; }

    private bool IsDialer => _context.Role == ConnectionRole.Dialer;

    public Task RunAsync(SslStream stream, CancellationToken cancellationToken) =>
        IsDialer ? stream.AuthenticateAsClientAsync(ForDialer(), cancellationToken) : stream.AuthenticateAsServerAsync(ForListener(), cancellationToken);

    /// <summary>The muxer agreed on; null: it is to be negotiated.</summary>
    /// <exception cref="SecureChannelException">One that was not on offer.</exception>
    public ProtocolId? EarlyMuxer(SslApplicationProtocol agreed)
    {
        if (agreed == NoMuxer || agreed.Protocol.IsEmpty) return null;
        var name = agreed.ToString();
        return _muxers.FirstOrDefault(muxer => muxer.Value == name) ?? throw new SecureChannelException($"The remote chose '{name}' by ALPN, which was not on offer.");
    }

    private SslClientAuthenticationOptions ForDialer() => new()
    {
        // Empty: no name is indicated.
        TargetHost = "",
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = Offer(),
        ClientCertificateContext = _own,
        RemoteCertificateValidationCallback = Validate,
        CertificateChainPolicy = NoChain(),
        AllowTlsResume = false,
        AllowRenegotiation = false,
    };

    private SslServerAuthenticationOptions ForListener() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = Offer(),
        ServerCertificateContext = _own,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = Validate,
        CertificateChainPolicy = NoChain(),
        AllowTlsResume = false,
        AllowRenegotiation = false,
    };

    /// <summary>There is no authority to lead to, and nothing is fetched from where a certificate says.</summary>
    private static X509ChainPolicy NoChain() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    private List<SslApplicationProtocol> Offer() => [.. _muxers.Select(static muxer => new SslApplicationProtocol(muxer.Value)), NoMuxer];

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            _remoteKey = Identify(certificate as X509Certificate2, chain);
            return true;
        }
        catch (SecureChannelException e)
        {
            Refusal = e;
            return false;
        }
    }

    private PublicKey Identify(X509Certificate2? certificate, X509Chain? chain)
    {
        if (certificate is null) throw new PeerCertificateException("The remote did not say who it is: it sent no certificate.");

        // A listener's own certificate is among them, a dialer's is not.
        var sent = chain?.ChainPolicy.ExtraStore.Count ?? 0;
        if (sent > (IsDialer ? 1 : 0)) throw new PeerCertificateException("The remote sent several certificates; there is exactly one in libp2p.");
        var key = _proven.Verify(certificate.RawDataMemory, _context.Runtime.Time.GetUtcNow());
        return _context.Expected is not { } expected || expected.Matches(key) ? key : throw new PeerIdMismatchException(expected, key.PeerId);
    }
}
