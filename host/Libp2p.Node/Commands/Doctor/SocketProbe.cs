using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Libp2p.Swarm;

namespace Libp2p.Node.Commands.Doctor;

/// <summary>What trying out sockets showed.</summary>
/// <param name="ContinuesInline">Finished receives go on where they were polled.</param>
/// <param name="PollingThreads">How many threads poll.</param>
/// <param name="PortReuse">Why a dial cannot leave from a port that is listened on; null: it can.</param>
/// <param name="Ipv4">Why IPv4 does not work on this machine; null: it does.</param>
/// <param name="Ipv6">Why IPv6 does not work on this machine; null: it does.</param>
/// <param name="Cards">The interfaces that are up, each with its addresses.</param>
internal sealed record SocketProbe(bool ContinuesInline, int PollingThreads, string? PortReuse, string? Ipv4, string? Ipv6, IReadOnlyList<(string Name, IReadOnlyList<IPAddress> Addresses)> Cards)
{
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<SocketProbe> RunAsync(CancellationToken cancellationToken)
    {
        var network = new SystemNetwork();
        var threads = int.TryParse(Environment.GetEnvironmentVariable(ThreadCount), out var set) ? set : 1;
        return new SocketProbe(
            network.ContinuesInline,
            threads,
            await TryPortReuseAsync(network, cancellationToken).ConfigureAwait(false),
            await TryListenAsync(network, IPAddress.Loopback).ConfigureAwait(false),
            await TryListenAsync(network, IPAddress.IPv6Loopback).ConfigureAwait(false),
            CardsUp());
    }

    private static async Task<string?> TryPortReuseAsync(SystemNetwork network, CancellationToken cancellationToken)
    {
        try
        {
            var from = network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 1);
            await using var one = from.ConfigureAwait(false);
            var to = network.Listen(new IPEndPoint(IPAddress.Loopback, 0), 1);
            await using var other = to.ConfigureAwait(false);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(Patience);
            var dialed = await network.ConnectAsync(to.Local, from.Local, deadline.Token).ConfigureAwait(false);
            await dialed.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "connecting over loopback takes too long";
        }
    }

    private static async Task<string?> TryListenAsync(SystemNetwork network, IPAddress address)
    {
        try
        {
            await network.Listen(new IPEndPoint(address, 0), 1).DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    private static List<(string, IReadOnlyList<IPAddress>)> CardsUp()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                    .Select(card => (card.Name, (IReadOnlyList<IPAddress>)[.. card.GetIPProperties().UnicastAddresses.Select(u => u.Address)]))
                    .Where(card => card.Item2.Count > 0),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
