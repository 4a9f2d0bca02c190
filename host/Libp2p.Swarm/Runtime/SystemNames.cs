using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace Libp2p.Swarm;

/// <summary>
/// Resolves names: by name servers where some are named in the options, else by the system, which knows what a name means on this machine (its hosts file, search domains, multicast
/// names, the name servers of a VPN) but knows of addresses alone. So many at a time; the others wait. Thread-safe.
/// </summary>
internal sealed class SystemNames(TimeProvider time, SystemNetworkOptions options)
{
    private readonly NameServerClient _servers = new(time, options);
    private readonly ScheduledSemaphore _places = new(options.MaxLookups, PipeScheduler.ThreadPool);

    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    public ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        options.NameServers.IsEmpty || IsOfTheMachine(host) ? AskSystemAsync(host, cancellationToken) : AskServersAsync(host, cancellationToken);

    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    public async ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var records = await _servers.AskAsync<TxtRecord>(name, QueryType.TXT, cancellationToken).ConfigureAwait(false);
            return [.. records.Select(static record => string.Concat(record.Text))];
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Names that no name server of others can know: those without a dot, of loopback (RFC 6761, section 6.3), of multicast DNS (RFC 6762, section 3).</summary>
    private static bool IsOfTheMachine(string host)
    {
        var last = host.AsSpan().TrimEnd('.');
        last = last[(last.LastIndexOf('.') + 1)..];
        return last.Length == host.AsSpan().TrimEnd('.').Length || last.Equals("localhost", StringComparison.OrdinalIgnoreCase) || last.Equals("local", StringComparison.OrdinalIgnoreCase);
    }

    private async ValueTask<ImmutableArray<IPAddress>> AskSystemAsync(string host, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);

        // It blocks a thread until it is done, whoever has given up: so long it keeps its place.
        var (addresses, failure) = await AskAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return failure switch
        {
            null => [.. addresses.Distinct()],
            SocketException { SocketErrorCode: SocketError.NoData } => [],
            SocketException known => throw new SocketException((int)known.SocketErrorCode),
            _ => throw new SocketException((int)SocketError.HostNotFound), // longer than a name can be
        };

        async Task<(IPAddress[] Addresses, Exception? Failure)> AskAsync()
        {
            try
            {
                return (await Dns.GetHostAddressesAsync(host, CancellationToken.None).ConfigureAwait(false), null);
            }
            catch (Exception failure) when (failure is SocketException or ArgumentException)
            {
                return ([], failure);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    private async ValueTask<ImmutableArray<IPAddress>> AskServersAsync(string host, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var four = _servers.AskAsync<ARecord>(host, QueryType.A, cancellationToken).AsTask();
            var six = _servers.AskAsync<AaaaRecord>(host, QueryType.AAAA, cancellationToken).AsTask();
            await Task.WhenAny(Task.WhenAll(four, six)).ConfigureAwait(false);
            ImmutableArray<IPAddress> found = [.. Found(six), .. Found(four)];

            // What one question found is not lost to the failure of the other.
            if (found.IsEmpty) await Task.WhenAll(four, six).ConfigureAwait(false);
            return found;
        }
        finally
        {
            _places.Release();
        }

        static IEnumerable<IPAddress> Found<T>(Task<ImmutableArray<T>> asked) where T : AddressRecord => asked.IsCompletedSuccessfully ? asked.Result.Select(static record => record.Address) : [];
    }
}
