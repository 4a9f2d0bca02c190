using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing.Resolution;

/// <summary>
/// Finds the addresses that a name leads to: <c>dns</c>, <c>dns4</c>, <c>dns6</c> by its IP addresses, <c>dnsaddr</c> by the texts of <c>_dnsaddr.NAME</c>, which may be names again
/// (multiformats/multiaddr, DNSADDR). Strangers wrote the answers: depth, questions, texts, addresses and time are bounded, and no name is asked twice. Thread-safe.
/// </summary>
internal sealed class AddressResolver(DialOptions options, NodeRuntime runtime)
{
    private const string TextPrefix = "dnsaddr=";

    /// <summary>The addresses of a name, as they become known.</summary>
    /// <param name="name">Begins with a name; a <c>/p2p</c> at the end takes only what leads to that peer.</param>
    /// <param name="tryAsk">Takes one of the questions that the dial may ask; false: there are none left.</param>
    /// <param name="cancellationToken">Nobody needs them any more.</param>
    /// <exception cref="AddressException">It led to no address.</exception>
    public async IAsyncEnumerable<IReadOnlyList<DialTarget>> ResolveAsync(DialTarget name, Func<bool> tryAsk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.NameTimeout, runtime.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var asked = new HashSet<Multiaddr>();
        var waiting = new Queue<(Multiaddr Address, int Depth)>([(name.Address, 0)]);
        var left = options.MaxAddresses;
        Exception? failure = null;
        while (waiting.TryDequeue(out var next) && left > 0)
        {
            if (!asked.Add(next.Address)) continue;
            if (!tryAsk())
            {
                failure ??= new AddressException($"the names of this dial cost more than {options.MaxNameLookups} questions ({DialOptions.Name(nameof(DialOptions.MaxNameLookups))}).", name.Address);
                break;
            }

            IReadOnlyList<Multiaddr> answer;
            try
            {
                answer = await AskAsync(next.Address, giveUp.Token).ConfigureAwait(false);
            }
            catch (SocketException cause)
            {
                failure ??= new AddressException($"{next.Address} could not be resolved: {(cause.SocketErrorCode == SocketError.HostNotFound ? "there is no such name." : cause.Message)}", name.Address, cause);
                continue;
            }
            catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
            {
                failure ??= new AddressException($"it was not resolved within {DialFailure.Seconds(options.NameTimeout)} ({DialOptions.Name(nameof(DialOptions.NameTimeout))}).", name.Address, cause);
                break;
            }

            var found = new List<DialTarget>();
            foreach (var address in answer)
            {
                if (address.IsResolvable)
                {
                    if (TargetOf(name, address) is null) continue;
                    if (next.Depth + 1 < options.MaxNameDepth) waiting.Enqueue((address, next.Depth + 1));
                    else failure ??= new AddressException($"names lead to names deeper than {options.MaxNameDepth} ({DialOptions.Name(nameof(DialOptions.MaxNameDepth))}).", name.Address);
                }
                else if (left > 0 && TargetOf(name, address) is { } target)
                {
                    left--;
                    found.Add(target);
                }
            }

            if (found.Count > 0) yield return found;
        }

        if (left == options.MaxAddresses) throw failure ?? new AddressException($"{name.Address} leads to no address{(name.Peer is null ? "" : $" of {name.Peer}")}.", name.Address);
    }

    private static DialTarget? TargetOf(DialTarget name, Multiaddr address)
    {
        if (!AddressRules.TrySplit(address, out var bare, out var peer)) return null;
        return name.Peer is null || peer is null || peer == name.Peer ? new DialTarget(bare, name.Peer ?? peer, name.Address, name.IsNamed) : null;
    }

    /// <summary>What one question about the first component brings, each with the rest of the address behind it.</summary>
    private async Task<IReadOnlyList<Multiaddr>> AskAsync(Multiaddr address, CancellationToken cancellationToken)
    {
        var (protocol, host, rest) = Split(address);
        if (protocol == MultiaddrProtocol.Dnsaddr)
        {
            var texts = await runtime.Network.ResolveTextAsync($"_dnsaddr.{host}", cancellationToken).ConfigureAwait(false);
            return [.. texts.Where(static text => text.StartsWith(TextPrefix, StringComparison.Ordinal)).Take(options.MaxNameRecords).Select(text => OfText(text, rest)).OfType<Multiaddr>()];
        }

        var addresses = await runtime.Network.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return [.. addresses.Where(ip => Fits(protocol, ip)).Take(options.MaxAddresses).Select(ip => WithHost(ip, rest))];
    }

    private static bool Fits(MultiaddrProtocol protocol, IPAddress address) =>
        protocol == MultiaddrProtocol.Dns4 ? address.AddressFamily == AddressFamily.InterNetwork
        : protocol != MultiaddrProtocol.Dns6 || address.AddressFamily == AddressFamily.InterNetworkV6;

    private static Multiaddr WithHost(IPAddress host, ImmutableArray<MultiaddrComponent> rest) =>
        Append(Multiaddr.Create(host.AddressFamily == AddressFamily.InterNetwork ? MultiaddrProtocol.Ip4 : MultiaddrProtocol.Ip6, host.GetAddressBytes()), rest);

    /// <summary>The address in a text, where it ends in what followed the name; null: it does not, or is none.</summary>
    private static Multiaddr? OfText(string text, ImmutableArray<MultiaddrComponent> rest)
    {
        if (!Multiaddr.TryParse(text.AsSpan(TextPrefix.Length), out var address)) return null;
        var components = new List<MultiaddrComponent>();
        foreach (var component in address.Components) components.Add(component);
        return components.Count >= rest.Length && components.TakeLast(rest.Length).SequenceEqual(rest) ? address : null;
    }

    private static Multiaddr Append(Multiaddr address, ImmutableArray<MultiaddrComponent> rest)
    {
        foreach (var component in rest)
        {
            address = component.Protocol.HasValue ? address.Append(component.Protocol, component.Value) : address.Append(component.Protocol);
        }

        return address;
    }

    private static (MultiaddrProtocol Protocol, string Host, ImmutableArray<MultiaddrComponent> Behind) Split(Multiaddr address)
    {
        var protocol = default(MultiaddrProtocol);
        var host = "";
        var rest = ImmutableArray.CreateBuilder<MultiaddrComponent>();
        foreach (var component in address.Components)
        {
            if (host.Length == 0) (protocol, host) = (component.Protocol, component.Text);
            else rest.Add(component);
        }

        return (protocol, host, rest.ToImmutable());
    }
}
