using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Ping;

/// <summary>Pings others. Thread-safe: who pings the same connection at the same time shares one stream and takes turns.</summary>
internal sealed class PingService(INode node, NodeRuntime runtime, IOptions<PingOptions> options) : IPingService
{
    private readonly Dictionary<IConnection, PingSession> _sessions = []; // guard: itself

    public async IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var session = Enter(connection);
        try
        {
            while (true)
            {
                var roundTrip = await session.PingAsync(cancellationToken).ConfigureAwait(false);
                node.Peers.RecordLatency(connection.RemotePeer, roundTrip);
                yield return roundTrip;
            }
        }
        finally
        {
            if (Leave(connection, session))
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private PingSession Enter(IConnection connection)
    {
        lock (_sessions)
        {
            if (!_sessions.TryGetValue(connection, out var session))
            {
                _sessions[connection] = session = new PingSession(connection, runtime, options.Value.Timeout);
            }

            session.Users++;
            return session;
        }
    }

    private bool Leave(IConnection connection, PingSession session)
    {
        lock (_sessions)
        {
            if (--session.Users > 0)
            {
                return false;
            }

            _sessions.Remove(connection);
            return true;
        }
    }
}
