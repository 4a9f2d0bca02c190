using Libp2p.Multiformats;

namespace Libp2p.Transports.Memory;

/// <summary>What goes wrong, and what to do about it.</summary>
internal static class MemoryErrors
{
    public static AddressException Address(Multiaddr address) =>
        new($"{address} is not a memory address: use /memory/NUMBER, without anything after it; 0 takes a free number.", address);

    public static TransportException NobodyListens(Multiaddr remote) =>
        new($"Could not connect to {remote}: nobody in this process listens there. Check the number, that the node there runs, and that both share one {nameof(MemoryHub)}.", remote);

    public static TransportException NoNumber(Multiaddr remote) => new($"Could not connect to {remote}: 0 stands for a free number when listening; it cannot be dialed.", remote);

    public static TransportException BacklogFull(Multiaddr remote) =>
        new($"Could not connect to {remote}: it has as many connections waiting to be accepted as it allows. Try again later.", remote);

    public static TransportException Taken(Multiaddr local) => new($"Could not listen on {local}: the number is in use. Take another, or /memory/0 for a free one.", local);

    public static TransportException Aborted(Multiaddr remote, Exception? why) =>
        new($"The connection to {remote} was aborted by this side{(why is null ? "." : $": {why.Message}")}", remote, why);

    public static TransportException Disposed(Multiaddr remote) => new($"The connection to {remote} was closed by this side.", remote);

    public static TransportException Reset(Multiaddr remote) => new($"The connection to {remote} was reset by the remote.", remote);

    public static TransportException Closed(Multiaddr remote) => new($"The connection to {remote} was closed by the remote: it reads no more.", remote);

    public static TransportException Unread(Multiaddr remote, long bytes) =>
        new($"The connection to {remote} was given up: {bytes} bytes were received and examined, but none consumed.", remote);
}
