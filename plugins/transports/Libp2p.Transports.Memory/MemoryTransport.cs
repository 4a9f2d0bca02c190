using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Transports.Memory;

/// <summary>Connections within this process: <c>/memory/N</c>. Thread-safe.</summary>
internal sealed class MemoryTransport(MemoryHub hub, IOptions<MemoryOptions> options, ILogger<MemoryTransport> logger) : IByteTransport
{
    private const int Rank = 100;

    private readonly MemoryOptions _options = options.Value;

    public int DialRank(Multiaddr address) => MemoryAddress.Fits(address) ? Rank : 0;

    public bool CanListen(Multiaddr address) => MemoryAddress.Fits(address);

    public ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        var number = MemoryAddress.ToNumber(remote);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult<IByteConnection>(Dial(remote, number, context.Runtime));
        }
        catch (TransportException)
        {
            MemoryMetrics.DialsFailed.Add(1);
            throw;
        }
    }

    public ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
    {
        var number = MemoryAddress.ToNumber(local);
        cancellationToken.ThrowIfCancellationRequested();
        var listener = new MemoryListener(hub, context.Runtime.Scheduler, Math.Max(1, context.Backlog), logger);
        if (!listener.TryBind(number, context.Runtime.Random))
        {
            throw MemoryErrors.Taken(local);
        }

        MemoryLog.Listening(logger, listener.Address);
        return ValueTask.FromResult<IListener<IByteConnection>>(listener);
    }

    private MemoryConnection Dial(Multiaddr remote, ulong number, NodeRuntime runtime)
    {
        if (number == 0)
        {
            throw MemoryErrors.NoNumber(remote);
        }

        var listener = hub.Find(number) ?? throw MemoryErrors.NobodyListens(remote);
        var local = MemoryAddress.FromNumber(hub.Free(runtime.Random));
        var (dialer, accepted) = MemoryConnection.Pair(new ConnectionEndpoints(local, remote), runtime.Scheduler, listener.Scheduler, _options);
        listener.Offer(accepted);
        return dialer;
    }
}
