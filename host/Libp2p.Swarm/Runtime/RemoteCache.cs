using System.Collections.Concurrent;
using System.Net;

namespace Libp2p.Swarm;

/// <summary>
/// The two forms of the remotes of a datagram socket, so that neither is made for every datagram. Holds so many, then begins anew: strangers may come from as many
/// addresses as they like. Thread-safe.
/// </summary>
internal sealed class RemoteCache(IPEndPoint family)
{
    internal const int Most = 1024;

    private readonly ConcurrentDictionary<SocketAddress, IPEndPoint> _received = new();
    private readonly ConcurrentDictionary<IPEndPoint, SocketAddress> _sent = new();

    /// <summary>Who is at an address of the operating system's form.</summary>
    public IPEndPoint Of(SocketAddress address)
    {
        if (_received.TryGetValue(address, out var known)) return known;
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        if (_received.Count >= Most) _received.Clear();
        return _received.GetOrAdd(copy, (IPEndPoint)family.Create(copy));
    }

    /// <summary>The operating system's form; never to be written to.</summary>
    public SocketAddress Of(IPEndPoint remote)
    {
        if (_sent.TryGetValue(remote, out var known)) return known;
        if (_sent.Count >= Most) _sent.Clear();

        // An end point can be changed by whoever has it: the key is our own.
        return _sent.GetOrAdd(new IPEndPoint(remote.Address, remote.Port), remote.Serialize());
    }
}
