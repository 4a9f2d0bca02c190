using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Libp2p.Swarm;

/// <summary>
/// A datagram socket of the operating system, which it owns. One receiver at a time, sends from any thread. Once a remote is known, receives from it and sends to it allocate
/// nothing.
/// </summary>
internal sealed class SystemDatagramSocket : IDatagramNetworkSocket
{
    private const int SioUdpConnReset = -1744830452;

    private readonly Socket _socket;
    private readonly RemoteCache _remotes;
    private readonly SocketAddress _from; // by the receiver alone

    private SystemDatagramSocket(Socket socket)
    {
        _socket = socket;
        Local = (IPEndPoint)socket.LocalEndPoint!;
        _from = new SocketAddress(socket.AddressFamily);
        _remotes = new RemoteCache(Local);
    }

    public IPEndPoint Local { get; }

    public static SystemDatagramSocket Bind(IPEndPoint local, DatagramSocketOptions options, bool inline)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Configure(socket, options);
            socket.Bind(local);
            if (inline) InlineCompletions.Enable(socket);
            return new SystemDatagramSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, _from, cancellationToken).ConfigureAwait(false);
                return new ReceivedDatagram(length, _remotes.Of(_from));
            }
            catch (SocketException cut) when (cut.SocketErrorCode == SocketError.MessageSize)
            {
                return new ReceivedDatagram(buffer.Length, _remotes.Of(_from));
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // Some remote, of many, did not want what it was sent.
            }
            catch (ObjectDisposedException)
            {
                throw Gone();
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint remote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (remote.AddressFamily != Local.AddressFamily) return ValueTask.FromException(new SocketException((int)SocketError.AddressFamilyNotSupported));
        ValueTask<int> sending;
        try
        {
            sending = _socket.SendToAsync(datagram, SocketFlags.None, _remotes.Of(remote), cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return ValueTask.FromException(Gone());
        }

        if (!sending.IsCompletedSuccessfully) return FinishAsync(sending);
        _ = sending.Result;
        return default;
    }

    public void JoinGroup(IPAddress group, IPAddress? interfaceAddress = null) => Change(group, interfaceAddress, SocketOptionName.AddMembership);

    public void LeaveGroup(IPAddress group, IPAddress? interfaceAddress = null) => Change(group, interfaceAddress, SocketOptionName.DropMembership);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private static void Configure(Socket socket, DatagramSocketOptions options)
    {
        var isSix = socket.AddressFamily == AddressFamily.InterNetworkV6;
        if (isSix) socket.DualMode = false;
        if (OperatingSystem.IsWindows()) socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
        if (options.ShareAddress) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        else socket.ExclusiveAddressUse = true;
        if (options.ReceiveBuffer is { } bytes) socket.ReceiveBufferSize = bytes;
        if (options.DontFragment && !isSix) socket.DontFragment = true;
        var level = isSix ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
        if (options.MulticastTimeToLive != 1) socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, options.MulticastTimeToLive);
        if (!options.MulticastLoopback) socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, false);
    }

    private void Change(IPAddress group, IPAddress? interfaceAddress, SocketOptionName change)
    {
        ArgumentNullException.ThrowIfNull(group);
        try
        {
            if (group.AddressFamily == AddressFamily.InterNetwork)
            {
                var option = interfaceAddress is null ? new MulticastOption(group) : new MulticastOption(group, interfaceAddress);
                _socket.SetSocketOption(SocketOptionLevel.IP, change, option);
                if (interfaceAddress is not null) _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, interfaceAddress.GetAddressBytes());
                return;
            }

            var index = interfaceAddress is null ? 0 : IndexOf(interfaceAddress);
            _socket.SetSocketOption(SocketOptionLevel.IPv6, change, new IPv6MulticastOption(group, index));
            if (index != 0) _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        }
        catch (ObjectDisposedException)
        {
            throw Gone();
        }
    }

    private static int IndexOf(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().Select(static card => card.GetIPProperties())
            .FirstOrDefault(card => card.UnicastAddresses.Any(one => one.Address.Equals(address)))?.GetIPv6Properties().Index
        ?? throw new SocketException((int)SocketError.AddressNotAvailable);

    private static SocketException Gone() => new((int)SocketError.OperationAborted);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishAsync(ValueTask<int> sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw Gone();
        }
    }
}
