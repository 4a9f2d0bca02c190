using System.Net.Sockets;
using Libp2p.Multiformats;

namespace Libp2p.Transports.Tcp;

/// <summary>What socket errors mean, and what to do about them.</summary>
internal static class TcpErrors
{
    public static TransportException Dial(Multiaddr remote, SocketException cause) =>
        new($"Could not connect to {remote}: {Explain(cause)}", remote, cause);

    public static TransportException Listen(Multiaddr local, SocketException cause) =>
        new($"Could not listen on {local}: {Explain(cause)}", local, cause);

    public static TransportException Accept(Multiaddr local, SocketException cause) =>
        new($"Could not accept on {local}: {Explain(cause)}", local, cause);

    public static TransportException Broken(Multiaddr remote, SocketException cause) =>
        new($"The connection to {remote} broke: {Explain(cause)}", remote, cause);

    public static TransportException Aborted(Multiaddr remote, Exception? why) =>
        new($"The connection to {remote} was aborted by this side{(why is null ? "." : $": {why.Message}")}", remote, why);

    public static TransportException Disposed(Multiaddr remote) =>
        new($"The connection to {remote} was closed by this side.", remote);

    public static TransportException Unread(Multiaddr remote, int bytes) =>
        new($"The connection to {remote} was given up: {bytes} bytes were received and examined, but none consumed.", remote);

    public static TransportException Refused(Multiaddr remote, ResourceDenial denial) =>
        new($"The connection to {remote} was given up: no memory for what it sends. {denial}", remote, new ResourceLimitException(denial));

    private static string Explain(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused. Nobody listens there: check the port, and that the remote runs.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown or SocketError.HostNotFound =>
            "unreachable. This machine has no way there: check its network, and that it has an address of the same family (IPv4, IPv6).",
        SocketError.TimedOut => "timed out. Nobody answers: the remote may be off, or a firewall may drop the packets.",
        SocketError.AddressAlreadyInUse => "the address is in use. Stop whoever holds the port, or take port 0 for a free one.",
        SocketError.AddressNotAvailable => "not an address of this machine. Take one that it has, or 0.0.0.0 or :: for all.",
        SocketError.AccessDenied => "permission denied. Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE), and a firewall may forbid it.",
        SocketError.AddressFamilyNotSupported => "this machine does not do that address family. Take an address of the other (IPv4, IPv6).",
        SocketError.InvalidArgument => "the system refuses that address. A link-local IPv6 address needs its interface: /ip6zone/NAME/ip6/...",
        SocketError.TooManyOpenSockets or SocketError.ProcessLimit => "this process has no file descriptors left. Raise the limit (ulimit -n), or allow fewer connections.",
        SocketError.NoBufferSpaceAvailable => "the system has no memory for sockets left. Allow fewer connections.",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.NetworkReset or SocketError.Shutdown or SocketError.NotConnected =>
            "reset by the remote.",
        SocketError.OperationAborted or SocketError.Interrupted => "ended by this side.",
        _ => $"{cause.Message} ({cause.SocketErrorCode}, {cause.NativeErrorCode})",
    };
}
