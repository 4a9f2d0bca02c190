using System.Net;

namespace Libp2p.TestKit;

/// <summary>A listening simulated socket: connections wait here, as many as the backlog, until they are accepted.</summary>
internal sealed class SimulatedListener : IStreamSocketListener
{
    private readonly Fabric _fabric;
    private readonly HostNetwork _network;
    private readonly int _backlog;
    private readonly Queue<SimulatedStreamSocket> _waiting = new();
    private readonly SocketOperation<IStreamSocket?> _accepting;

    public SimulatedListener(Fabric fabric, HostNetwork network, EndPoint local, int backlog)
    {
        _fabric = fabric;
        _network = network;
        _backlog = backlog;
        Local = local;
        _accepting = new SocketOperation<IStreamSocket?>(fabric.Loop, network.Life, static () => null);
    }

    public EndPoint Local { get; }

    public bool IsClosed { get; private set; }

    public bool HasRoom => !IsClosed && _waiting.Count < _backlog;

    public string? Waits => _accepting.IsPending ? $"accepts on tcp {Local}" : null;

    public ValueTask<IStreamSocket?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<IStreamSocket?>(cancellationToken);
        _fabric.Loop.IsHere();
        if (IsClosed) return new ValueTask<IStreamSocket?>((IStreamSocket?)null);
        if (!_accepting.IsPending)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (!next.IsGone) return new ValueTask<IStreamSocket?>(Accepted(next));
            }
        }

        return new ValueTask<IStreamSocket?>(_accepting, _accepting.Begin(cancellationToken));
    }

    /// <summary>A connection has come; false where there is no place for it.</summary>
    public bool TryEnqueue(SimulatedStreamSocket socket)
    {
        if (IsClosed || !_network.Life.IsAlive) return false;
        if (_accepting.IsPending)
        {
            _accepting.Succeed(Accepted(socket));
            return true;
        }

        if (_waiting.Count >= _backlog) return false;
        _waiting.Enqueue(socket);
        return true;
    }

    public ValueTask DisposeAsync()
    {
        if (!_fabric.Loop.IsHere() || IsClosed) return default;
        IsClosed = true;
        _network.Remove(this);
        _accepting.Succeed(null);
        while (_waiting.TryDequeue(out var socket)) socket.Abort();
        return default;
    }

    private SimulatedStreamSocket Accepted(SimulatedStreamSocket socket)
    {
        _fabric.Trace.At(TraceDetail.Connections)?.Add(new StreamEvent(_network.Host.Name, socket.Local, socket.Remote, StreamChange.Accepted));
        return socket;
    }
}
