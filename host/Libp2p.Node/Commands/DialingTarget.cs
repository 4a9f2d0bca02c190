using System.Collections.Immutable;
using System.Text.Json;
using Libp2p.Multiformats;
using Libp2p.Node.Control;

namespace Libp2p.Node.Commands;

/// <summary>Whom a command is to dial: an address, or a peer and what is known of it.</summary>
/// <param name="Address">Where; null: only the peer is known.</param>
/// <param name="Peer">Who; null: the address says so, or whoever answers.</param>
/// <param name="Known">Where the node that runs on the data folder knows the peer to be.</param>
internal sealed record DialingTarget(Multiaddr? Address, PeerId? Peer, ImmutableArray<Multiaddr> Known)
{
    /// <summary>Reads what a person wrote; of a peer id alone it asks the node that runs on the data folder.</summary>
    /// <exception cref="AddressException">It is neither a multiaddr nor a peer id.</exception>
    public static async Task<DialingTarget> OfAsync(string text, Settings settings, CancellationToken cancellationToken)
    {
        const string OnlyPeer = "/p2p/";
        var id = text.StartsWith(OnlyPeer, StringComparison.Ordinal) ? text[OnlyPeer.Length..] : text;
        if (PeerId.TryParse(id, out var peer)) return new DialingTarget(null, peer, await AskRunningNodeAsync(peer, settings, cancellationToken).ConfigureAwait(false));
        if (Multiaddr.TryParse(text, out var address)) return new DialingTarget(address, null, []);
        throw new AddressException($"'{text}' is neither a multiaddr nor a peer id.");
    }

    public override string ToString() => (Address as object ?? Peer)!.ToString()!;

    private static async Task<ImmutableArray<Multiaddr>> AskRunningNodeAsync(PeerId peer, Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            var node = await ControlClient.ConnectAsync(settings.DataFolder, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                var answer = await node.AskAsync("peers", request => request.WriteString("peer", peer.ToString()), cancellationToken).ConfigureAwait(false);
                return [.. answer.GetProperty("peers").EnumerateArray().SelectMany(static known => known.GetProperty("addrs").EnumerateArray()).Select(Parse).OfType<Multiaddr>()];
            }
        }
        catch (CommandException)
        {
            // None runs, or it does not answer: this node may know more.
            return [];
        }
    }

    private static Multiaddr? Parse(JsonElement text) => Multiaddr.TryParse(text.GetString(), out var address) ? address : null;
}
