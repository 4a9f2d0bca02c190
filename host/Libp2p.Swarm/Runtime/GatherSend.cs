using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Libp2p.Swarm;

/// <summary>One send of several pieces of memory, used again and again by the one sender of a socket; no execution context flows. Borrows the pieces until the send is done.</summary>
internal sealed class GatherSend() : SocketAsyncEventArgs(true), IValueTaskSource
{
    private readonly List<ArraySegment<byte>> _segments = [];
    private ManualResetValueTaskSourceCore<bool> _done;
    private int _length;

    /// <summary>Whether all pieces are of arrays, as the operating system's interface asks.</summary>
    public bool TryTake(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        _segments.Clear();
        _length = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            if (!MemoryMarshal.TryGetArray(pieces[i], out var segment))
            {
                return false;
            }

            if (segment.Count > 0)
            {
                _segments.Add(segment);
                _length += segment.Count;
            }
        }

        return true;
    }

    public ValueTask SendAsync(Socket socket)
    {
        if (_length == 0)
        {
            return default;
        }

        _done.Reset();
        BufferList = _segments;
        if (socket.SendAsync(this))
        {
            return new ValueTask(this, _done.Version);
        }

        return Failure() is { } error ? ValueTask.FromException(error) : default;
    }

    void IValueTaskSource.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (Failure() is { } error)
        {
            _done.SetException(error);
        }
        else
        {
            _done.SetResult(true);
        }
    }

    private SocketException? Failure()
    {
        if (SocketError != SocketError.Success)
        {
            return new SocketException((int)SocketError);
        }

        return BytesTransferred == _length ? null : new SocketException((int)SocketError.ConnectionAborted);
    }
}
