namespace Libp2p.Security.Tls;

/// <summary>Options of the TLS channel; section <c>Libp2p:Plugins:tls</c>.</summary>
public sealed class TlsOptions : IValidatableOptions
{
    private const int MostProven = 1024 * 1024;
    private const int LeastUnread = 128 * 1024;
    private const int MostUnread = 1024 * 1024 * 1024;
    private const int LeastHandshake = 16 * 1024;
    private const int MostHandshake = 1024 * 1024;

    /// <summary>Whether the muxer is chosen within the handshake, which saves a round trip. Default true.</summary>
    public bool EarlyMuxerNegotiation { get; set; } = true;

    /// <summary>How long this node's certificate is valid. It is made anew when half of that is over. From 1 hour to 100 years; default 1 year.</summary>
    public TimeSpan CertificateLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How many remotes' certificates are remembered as verified: a peer that connects again within the life of its certificate need not be verified again. About 400 bytes each with Ed25519. From 0
    /// (none) to 1,048,576; default 1,024.
    /// </summary>
    public int MaxProvenCertificates { get; set; } = 1024;

    /// <summary>How many bytes a remote may send before the handshake is over. From 16 KiB to 1 MiB; default 64 KiB.</summary>
    public int MaxHandshakeBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// How many decrypted bytes a reader may leave unconsumed while it asks for more. Beyond it the connection fails. From 128 KiB to 1 GiB; default 16 MiB.
    /// </summary>
    public int MaxUnconsumedBytes { get; set; } = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (CertificateLifetime < TimeSpan.FromHours(1) || CertificateLifetime > TimeSpan.FromDays(36_525))
        {
            yield return $"{nameof(CertificateLifetime)} is {CertificateLifetime}; give a time from 1 hour to 100 years (36525 days).";
        }

        if (MaxProvenCertificates is < 0 or > MostProven)
        {
            yield return $"{nameof(MaxProvenCertificates)} is {MaxProvenCertificates}; give a number from 0 (none) to {MostProven}.";
        }

        if (MaxHandshakeBytes is < LeastHandshake or > MostHandshake)
        {
            yield return $"{nameof(MaxHandshakeBytes)} is {MaxHandshakeBytes}; give a number of bytes from {LeastHandshake} to {MostHandshake}.";
        }

        if (MaxUnconsumedBytes is < LeastUnread or > MostUnread)
        {
            yield return $"{nameof(MaxUnconsumedBytes)} is {MaxUnconsumedBytes}; give a number of bytes from {LeastUnread} to {MostUnread}.";
        }
    }
}
