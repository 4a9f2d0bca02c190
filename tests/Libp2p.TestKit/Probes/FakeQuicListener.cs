using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p.TestKit.Probes;

/// <summary>A bound address of the fake QUIC. When its queue is full, a dial is refused.</summary>
internal sealed class FakeQuicListener(FakeQuicNetwork network, Multiaddr local, int backlog) : IListener<ISecureConnection>
{
    private readonly Lock _gate = new();
    private readonly Queue<FakeQuicIncoming> _waiting = new();
    private TaskCompletionSource? _accepting;
    private bool _unbound;

    public event Action? AddressesChanged
    {
        add { }
        remove { }
    }

    public ImmutableArray<Multiaddr> Addresses { get; } = [local];

    public async ValueTask<IIncoming<ISecureConnection>?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task wake;
            lock (_gate)
            {
                while (_waiting.TryDequeue(out var incoming))
                {
                    if (!incoming.IsAbandoned) return incoming;
                }

                if (_unbound) return null;
                wake = (_accepting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        FakeQuicIncoming[] refused;
        lock (_gate)
        {
            _unbound = true;
            refused = [.. _waiting];
            _waiting.Clear();
            _accepting?.TrySetResult();
        }

        network.Unbind(this);
        foreach (var incoming in refused) incoming.Refuse();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    public void Arrive(FakeQuicDial dial)
    {
        lock (_gate)
        {
            if (_unbound || _waiting.Count >= backlog) throw new TransportException($"{local} is too busy.", local);
            _waiting.Enqueue(new FakeQuicIncoming(network, dial));
            _accepting?.TrySetResult();
            _accepting = null;
        }
    }
}
