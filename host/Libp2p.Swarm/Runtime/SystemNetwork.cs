using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Libp2p.Swarm;

/// <summary>
/// The operating system's network: TCP and UDP over IPv4 and IPv6, Unix domain sockets, its resolver. Thread-safe.
/// </summary>
/// <remarks>
/// <para>IPv6 sockets are IPv6 only, so that <c>0.0.0.0</c> and <c>::</c> can be bound to the same port. A port already bound is refused, also to another node of the
/// same process; a dial may leave from a port that is listened on (Linux; elsewhere the system decides).</para>
/// <para>A socket wakes its reader on the thread that polled it (see <see cref="SystemNetworkOptions.InlineCompletions"/>): whoever reads must hand long
/// work to <see cref="NodeRuntime.Scheduler"/>.</para>
/// </remarks>
public sealed class SystemNetwork : INetwork
{
    private readonly TimeProvider _time;
    private readonly bool _inline;
    private readonly SystemNames _names;

    /// <summary>The network with a clock for its back-off.</summary>
    /// <param name="time">Times the pauses of a listener that ran out of descriptors; null: the system's.</param>
    /// <param name="options">How sockets behave; null: defaults.</param>
    public SystemNetwork(TimeProvider? time = null, SystemNetworkOptions? options = null)
    {
        _time = time ?? TimeProvider.System;
        options ??= new SystemNetworkOptions();
        if (options.Validate().FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(options));
        _inline = options.InlineCompletions;
        _names = new SystemNames(_time, options);
        if (_inline)
        {
            InlineCompletions.Prepare();
        }
    }

    /// <summary>Whether sockets continue on the thread that polled them: asked for, and within the runtime's power. Opens a socket to see.</summary>
    public bool ContinuesInline
    {
        get
        {
            if (!_inline) return false;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return InlineCompletions.Enable(socket);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var socket = Open(remote);
        try
        {
            if (local is not null)
            {
                PortSharing.Allow(socket);
                socket.Bind(local);
            }

            if (_inline)
            {
                InlineCompletions.Enable(socket);
            }

            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            return new SystemStreamSocket(socket, _inline);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IStreamSocketListener Listen(EndPoint local, int backlog)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);
        var socket = Open(local);
        try
        {
            socket.Bind(local);
            socket.Listen(backlog);

            // Only now: a bind made without it still fails on a port that is taken, while dials may leave from this one.
            PortSharing.Allow(socket);
            return new SystemStreamSocketListener(new SocketAcceptor(socket), _inline, _time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        return SystemDatagramSocket.Bind(local, options ?? new DatagramSocketOptions(), _inline);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The system is asked, with its hosts file, search domains and all else that it knows. Where <see cref="SystemNetworkOptions.NameServers"/> are named they are asked instead, by UDP, and
    /// by TCP where the answer is long; but for what is of this machine and its links alone: names without a dot, <c>.localhost</c> and <c>.local</c>. Nothing is kept.
    /// </remarks>
    public ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return IPAddress.TryParse(host, out var address) ? new([address]) : _names.ResolveAsync(host, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Asks a name server itself, as the system's resolver knows of addresses alone; nothing is kept. By UDP, and by TCP where the answer is long.</remarks>
    public ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _names.ResolveTextAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public ImmutableArray<IPAddress> GetLocalAddresses()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(static card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                    .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
                    .Select(static unicast => unicast.Address)
                    .Distinct(),
            ];
        }
        catch (NetworkInformationException)
        {
            // A sandbox may hide its interfaces; loopback is there all the same.
            return [IPAddress.Loopback];
        }
    }

    private static Socket Open(EndPoint endPoint)
    {
        switch (endPoint)
        {
            case IPEndPoint { AddressFamily: AddressFamily.InterNetwork }:
                return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            case IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 }:
                return new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false, NoDelay = true };
            case UnixDomainSocketEndPoint:
                return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            default:
                throw new ArgumentException($"{endPoint} is neither an IP nor a Unix domain socket end point: resolve names first.", nameof(endPoint));
        }
    }
}
