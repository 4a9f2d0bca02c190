using System.Collections.Immutable;
using System.IO.Pipelines;
using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Transports.Memory;

/// <summary>
/// A number that is listened on. One caller accepts at a time; unbinding is safe from any thread. Connections that nobody has accepted yet wait, at most
/// <see cref="ListenContext.Backlog"/> of them; further dials fail.
/// </summary>
internal sealed class MemoryListener(MemoryHub hub, PipeScheduler scheduler, int backlog, ILogger logger) : IListener<IByteConnection>
{
    private readonly Lock _gate = new();
    private readonly Queue<MemoryIncoming> _waiting = new(); // guarded by _gate
    private ScheduledCompletion<bool>? _arrival; // guarded by _gate: what the caller of AcceptAsync waits for
    private bool _unbound; // guarded by _gate
    private ulong _number;

    /// <summary>The number stays what it is.</summary>
    public event Action? AddressesChanged
    {
        add { }
        remove { }
    }

    public Multiaddr Address => Addresses[0];

    public ImmutableArray<Multiaddr> Addresses { get; private set; } = [];

    /// <summary>Where the accepted ends of connections go on.</summary>
    public PipeScheduler Scheduler => scheduler;

    /// <summary>Takes its number, once; false where it is taken.</summary>
    public bool TryBind(ulong number, RandomSource random)
    {
        lock (_gate)
        {
            if (!hub.TryBind(number, random, this, out _number))
            {
                return false;
            }

            Addresses = [MemoryAddress.FromNumber(_number)];
            return true;
        }
    }

    /// <summary>A connection arrives.</summary>
    /// <exception cref="TransportException">It is refused.</exception>
    public void Offer(MemoryConnection connection)
    {
        TransportException? refusal = null;
        ScheduledCompletion<bool>? arrival = null;
        lock (_gate)
        {
            if (_unbound)
            {
                refusal = MemoryErrors.NobodyListens(Address);
            }
            else if (_waiting.Count >= backlog)
            {
                refusal = MemoryErrors.BacklogFull(Address);
                MemoryLog.BacklogFull(logger, Address, backlog);
            }
            else
            {
                _waiting.Enqueue(new MemoryIncoming(connection));
                (arrival, _arrival) = (_arrival, null);
            }
        }

        if (refusal is not null)
        {
            connection.Abort(null);
            throw refusal;
        }

        MemoryMetrics.Accepted.Add(1);
        arrival?.TrySetResult(true);
    }

    public async ValueTask<IIncoming<IByteConnection>?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ScheduledCompletion<bool> arrival;
            lock (_gate)
            {
                if (_waiting.TryDequeue(out var incoming))
                {
                    return incoming;
                }

                if (_unbound)
                {
                    return null;
                }

                arrival = _arrival = new ScheduledCompletion<bool>(scheduler);
            }

            using (cancellationToken.UnsafeRegister(static (state, token) => ((ScheduledCompletion<bool>)state!).TrySetCanceled(token), arrival))
            {
                await arrival.Task.ConfigureAwait(false);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        MemoryIncoming[] abandoned;
        ScheduledCompletion<bool>? arrival;
        lock (_gate)
        {
            if (_unbound)
            {
                return default;
            }

            _unbound = true;
            abandoned = [.. _waiting];
            _waiting.Clear();
            (arrival, _arrival) = (_arrival, null);
        }

        hub.Unbind(_number, this);
        arrival?.TrySetResult(false);
        foreach (var incoming in abandoned)
        {
            incoming.Refuse();
        }

        MemoryLog.Unbound(logger, Address);
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
