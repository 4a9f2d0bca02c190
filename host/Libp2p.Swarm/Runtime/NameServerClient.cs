using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using DnsClient.Protocol;

namespace Libp2p.Swarm;

/// <summary>Asks name servers. Thread-safe. Keeps no answers: a stranger's names would fill its memory.</summary>
/// <remarks>
/// The client that asks by UDP takes the answer of anybody who sends one with the right 16-bit number, whatever it comes from and whatever it is about. So the case of each letter of a
/// name is drawn by lot, which servers repeat and who did not see the question cannot know; an answer that does not repeat it is not believed, and the question goes by TCP.
/// </remarks>
internal sealed class NameServerClient(TimeProvider time, SystemNetworkOptions options)
{
    // Made when they are first needed: they look for the system's name servers.
    private volatile LookupClient? _byUdp;
    private volatile LookupClient? _byTcp;

    /// <summary>The records of a name, of one type, in the order of the answer; aliases are followed by who is asked.</summary>
    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    public async ValueTask<ImmutableArray<T>> AskAsync<T>(string name, QueryType type, CancellationToken cancellationToken) where T : DnsResourceRecord
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(options.AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var question = Question(name, type);
            var answer = await (_byUdp ??= new LookupClient(Settings(onlyTcp: false))).QueryAsync(question, either.Token).ConfigureAwait(false);
            if (!IsAbout(answer, question)) answer = await (_byTcp ??= new LookupClient(Settings(onlyTcp: true))).QueryAsync(question, either.Token).ConfigureAwait(false);
            return answer.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => [.. answer.Answers.OfType<T>().Take(options.MaxRecords)],
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

    private static bool IsAbout(IDnsQueryResponse answer, DnsQuestion question) =>
        answer.Questions is [var repeated] && repeated.QuestionType == question.QuestionType && repeated.QueryName.Value == question.QueryName.Value;

    private static DnsQuestion Question(string name, QueryType type)
    {
        // Where a label is empty the client would ask for what stands before it.
        if (name.TrimEnd('.').Split('.').Any(static label => label.Length == 0 || label.Any(static letter => letter is <= ' ' or '\\'))) throw NotFound();
        try
        {
            return new DnsQuestion(DnsString.Parse(InAnyCase(name)), type);
        }
        catch (ArgumentException)
        {
            // A label or the whole is too long.
            throw NotFound();
        }
    }

    /// <summary>Names of other letters are written in ASCII by the client, in lower case.</summary>
    private static string InAnyCase(string name)
    {
        var lots = RandomNumberGenerator.GetBytes(name.Length);
        return System.Text.Ascii.IsValid(name)
            ? string.Create(name.Length, (name, lots), static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++) to[i] = (from.lots[i] & 1) == 0 ? char.ToLowerInvariant(from.name[i]) : char.ToUpperInvariant(from.name[i]);
            })
            : name;
    }

    private static SocketException NotFound() => new((int)SocketError.HostNotFound);

    private LookupClientOptions Settings(bool onlyTcp)
    {
        var settings = options.NameServers.IsEmpty ? new LookupClientOptions() : new LookupClientOptions([.. options.NameServers]);
        settings.Timeout = options.NameServerTimeout;
        settings.UseCache = false;
        settings.UseRandomNameServer = false;
        settings.UseTcpOnly = onlyTcp;
        settings.Retries = 1;
        settings.ContinueOnEmptyResponse = false;
        return settings;
    }
}
