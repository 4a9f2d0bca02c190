using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>A bound simulated UDP socket. What does not fit its buffer is lost.</summary>
internal sealed class SimulatedDatagramSocket : IDatagramNetworkSocket
{
    private const int DefaultBuffer = 208 * 1024;
    private const int Largest = 65507;

    private readonly Fabric _fabric;
    private readonly HostNetwork _network;
    private readonly Queue<(ReadOnlyMemory<byte> Bytes, IPEndPoint Remote)> _received = new();
    private readonly SocketOperation<ReceivedDatagram> _receiving;
    private readonly HashSet<IPAddress> _groups = [];
    private readonly int _room;
    private Memory<byte> _into;
    private int _waiting; // bytes
    private bool _isClosed;

    public SimulatedDatagramSocket(Fabric fabric, HostNetwork network, IPEndPoint local, DatagramSocketOptions options)
    {
        _fabric = fabric;
        _network = network;
        Local = local;
        Options = options;
        _room = options.ReceiveBuffer ?? DefaultBuffer;
        _receiving = new SocketOperation<ReceivedDatagram>(fabric.Loop, network.Life, () => _isClosed ? Gone() : null);
    }

    public IPEndPoint Local { get; }

    public DatagramSocketOptions Options { get; }

    public HostNetwork Network => _network;

    public string? Waits => _receiving.IsPending ? $"receives on udp {Local}" : null;

    public bool IsIn(IPAddress group) => _groups.Contains(group);

    public ValueTask<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReceivedDatagram>(cancellationToken);
        _fabric.Loop.IsHere();
        if (!_receiving.IsPending && !_isClosed && _received.TryDequeue(out var next))
        {
            _waiting -= Cost(next.Bytes);
            return new ValueTask<ReceivedDatagram>(Give(next.Bytes, next.Remote, buffer));
        }

        var version = _receiving.Begin(cancellationToken);
        _into = buffer;
        return new ValueTask<ReceivedDatagram>(_receiving, version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint remote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        _fabric.Loop.IsHere();
        var failure = _isClosed ? SocketError.OperationAborted
            : remote.AddressFamily != Local.AddressFamily ? SocketError.AddressFamilyNotSupported
            : datagram.Length > Largest ? SocketError.MessageSize
            : _fabric.Send(this, datagram.ToArray(), remote);
        return failure == SocketError.Success ? default : ValueTask.FromException(new SocketException((int)failure));
    }

    public void JoinGroup(IPAddress group, IPAddress? interfaceAddress = null) => Change(group, interfaceAddress, _groups.Add);

    public void LeaveGroup(IPAddress group, IPAddress? interfaceAddress = null) => Change(group, interfaceAddress, _groups.Remove);

    public ValueTask DisposeAsync()
    {
        if (!_fabric.Loop.IsHere() || _isClosed) return default;
        _isClosed = true;
        _network.Remove(this);
        _received.Clear();
        _receiving.Fail(Gone());
        return default;
    }

    /// <summary>A datagram has come; false where there is no room for it.</summary>
    public bool TryTake(ReadOnlyMemory<byte> bytes, IPEndPoint remote)
    {
        if (_receiving.IsPending)
        {
            _receiving.Succeed(Give(bytes, remote, _into));
            return true;
        }

        if (_waiting + Cost(bytes) > _room) return false;
        _waiting += Cost(bytes);
        _received.Enqueue((bytes, remote));
        return true;
    }

    private static ReceivedDatagram Give(ReadOnlyMemory<byte> bytes, IPEndPoint remote, Memory<byte> buffer)
    {
        var length = Math.Min(bytes.Length, buffer.Length);
        bytes[..length].CopyTo(buffer);
        return new ReceivedDatagram(length, remote);
    }

    /// <summary>A system accounts for more than the bytes: many small ones fill it too.</summary>
    private static int Cost(ReadOnlyMemory<byte> bytes) => bytes.Length + 256;

    private static SocketException Gone() => new((int)SocketError.OperationAborted);

    private void Change(IPAddress group, IPAddress? interfaceAddress, Func<IPAddress, bool> change)
    {
        ArgumentNullException.ThrowIfNull(group);
        _fabric.Loop.IsHere();
        if (_isClosed) throw Gone();
        if (!Fabric.IsGroup(group) || group.AddressFamily != Local.AddressFamily) throw new SocketException((int)SocketError.InvalidArgument);
        if (interfaceAddress is not null && !_network.IsMine(interfaceAddress)) throw new SocketException((int)SocketError.AddressNotAvailable);
        change(group);
    }
}
