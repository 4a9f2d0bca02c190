using System.Collections.Immutable;
using System.Net.Sockets;
using DnsClient;

namespace Libp2p.Swarm;

/// <summary>Asks name servers for TXT records. Thread-safe. Keeps no answers: a stranger's names would fill its memory.</summary>
internal sealed class SystemTextResolver(TimeProvider time, SystemNetworkOptions options)
{
    /// <summary>Made when it is first needed: it looks for the system's name servers.</summary>
    private volatile LookupClient? _client;

    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    public async ValueTask<ImmutableArray<string>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(options.TextTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var client = _client ??= new LookupClient(Settings());
            var answer = await client.QueryAsync(Question(name), either.Token).ConfigureAwait(false);
            return answer.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => [.. answer.Answers.TxtRecords().Take(options.MaxTextRecords).Select(static record => string.Concat(record.Text))],
                DnsHeaderResponseCode.NotExistentDomain => throw NotFound(),
                _ => throw new SocketException((int)SocketError.TryAgain),
            };
        }
        catch (Exception failure) when (failure is not (SocketException { SocketErrorCode: SocketError.HostNotFound } or OutOfMemoryException))
        {
            // Nobody answered, or what came is no answer: the client has an exception for each.
            cancellationToken.ThrowIfCancellationRequested();
            throw new SocketException((int)SocketError.TryAgain);
        }
    }

    private static DnsQuestion Question(string name)
    {
        // Where a label is empty the client would ask for what stands before it.
        if (name.TrimEnd('.').Split('.').Any(static label => label.Length == 0 || label.Any(static letter => letter is <= ' ' or '\\'))) throw NotFound();
        try
        {
            return new DnsQuestion(DnsString.Parse(name), QueryType.TXT);
        }
        catch (ArgumentException)
        {
            // A label or the whole is too long.
            throw NotFound();
        }
    }

    private static SocketException NotFound() => new((int)SocketError.HostNotFound);

    private LookupClientOptions Settings()
    {
        var settings = options.NameServers.IsEmpty ? new LookupClientOptions() : new LookupClientOptions([.. options.NameServers]);
        settings.Timeout = options.NameServerTimeout;
        settings.UseCache = false;
        settings.UseRandomNameServer = false;
        settings.Retries = 1;
        settings.ContinueOnEmptyResponse = false;
        return settings;
    }
}
