namespace Libp2p.Certificates;

/// <summary>A certificate does not prove who its owner is, or not now; the message says why.</summary>
public sealed class PeerCertificateException(string message, Exception? inner = null) : SecureChannelException(message, inner);
