using Libp2p.Muxers.Yamux.Session;
using Libp2p.Muxers.Yamux.Streams;

namespace Libp2p.Muxers.Yamux.Tests.Support;

internal static class SessionExtensions
{
    /// <summary>Opens a stream that need not wait.</summary>
    public static YamuxStream Open(this YamuxSession session) => session.TryOpen(out _).ShouldNotBeNull();
}
