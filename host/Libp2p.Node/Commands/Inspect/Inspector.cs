using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Node.Commands.Inspect.Formats;

namespace Libp2p.Node.Commands.Inspect;

/// <summary>Finds out what a text or bytes are: the first that takes them whole, from what can be told with certainty to what cannot.</summary>
internal sealed class Inspector(InspectorHints hints, TimeProvider time)
{
    /// <summary>Most bytes or characters that are looked at.</summary>
    public const int MaxLength = 1024 * 1024;

    private delegate bool Reader(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection);

    /// <exception cref="CommandException">Nothing that is known here.</exception>
    public Inspection Inspect(string text)
    {
        text = text.Trim();
        if (text.StartsWith("-----BEGIN", StringComparison.Ordinal)) return Pem(text);
        if (text.StartsWith('/')) return Path(text);
        if (PeerId.TryParse(text, out var peer)) return PeerIdParts.Inspect(peer);
        if (Cid.TryParse(text, out var cid)) return CidParts.Inspect(cid);
        foreach (var bytes in Decodings(text))
        {
            if (TryInspect(bytes, out var inspection)) return inspection;
        }

        throw Nothing();
    }

    /// <exception cref="CommandException">Nothing that is known here.</exception>
    public Inspection Inspect(ReadOnlyMemory<byte> bytes) => TryInspect(bytes, out var inspection) ? inspection : throw Nothing();

    public bool TryInspect(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        foreach (var reader in (Reader[])[Keys, Envelopes, Records, Addresses, Hashes])
        {
            if (reader(bytes, out inspection)) return true;
        }

        inspection = null;
        return false;
    }

    private static Inspection Pem(string text)
    {
        try
        {
            if (text.Contains("PUBLIC KEY", StringComparison.Ordinal)) return KeyParts.Inspect(PublicKey.FromPem(text));
            using var key = PrivateKey.FromPem(text);
            return KeyParts.Inspect(key);
        }
        catch (KeyFormatException e)
        {
            throw new CommandException($"The PEM holds no key of libp2p: {e.Message}", "an encrypted key is read by 'libp2p keys import'.", e);
        }
    }

    private static Inspection Path(string text)
    {
        foreach (var root in (string[])["/ipns/", "/pk/", "/ipfs/"])
        {
            if (!text.StartsWith(root, StringComparison.Ordinal)) continue;
            var rest = text[root.Length..].Split('/')[0];
            if (root != "/ipfs/" && PeerId.TryParse(rest, out var peer)) return PeerIdParts.Inspect(peer);
            if (root == "/ipfs/" && Cid.TryParse(rest, out var cid)) return CidParts.Inspect(cid);
        }

        return Multiaddr.TryParse(text, out var address, out var error)
            ? MultiaddrParts.Inspect(address)
            : throw new CommandException(error, "write an address like /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...");
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Decodings(string text)
    {
        if (text.Length % 2 == 0 && text.Length > 0 && text.All(char.IsAsciiHexDigit)) yield return Convert.FromHexString(text);
        var buffer = new byte[text.Length];
        if (Convert.TryFromBase64String(text, buffer, out var length) && length > 0) yield return buffer.AsMemory(0, length);
        if (Multibase.TryDecode(text, out _, out var bytes) && bytes.Length > 0) yield return bytes;
    }

    private static bool Keys(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        inspection = null;
        if (PublicKey.TryFromProtobuf(bytes.Span, out var publicKey))
        {
            inspection = KeyParts.Inspect(publicKey);
            return true;
        }

        try
        {
            using var key = PrivateKey.FromProtobuf(bytes.Span);
            inspection = KeyParts.Inspect(key);
            return true;
        }
        catch (KeyFormatException)
        {
            return false;
        }
    }

    private bool Envelopes(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        inspection = EnvelopeParts.TryInspect(bytes, hints.Domain);
        return inspection is not null;
    }

    private bool Records(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        inspection = RecordParts.TryInspectIpns(bytes, hints.Name, time.GetUtcNow());
        if (inspection is null && DhtRecord.TryFromProtobuf(bytes.Span, out var record, out _) && record.Key.Namespace.Length > 0)
        {
            inspection = RecordParts.Inspect(record, bytes, time.GetUtcNow());
        }

        if (inspection is not null) return true;
        try
        {
            inspection = EnvelopeParts.Inspect(PeerRecord.FromProtobuf(bytes.Span), bytes);
            return true;
        }
        catch (RecordException)
        {
            return false;
        }
    }

    private static bool Addresses(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        inspection = PeerId.TryFromBytes(bytes.Span, out var peer) ? PeerIdParts.Inspect(peer)
            : Cid.TryDecode(bytes.Span, out var cid, out _) ? CidParts.Inspect(cid)
            : Multiaddr.TryDecode(bytes.Span, out var address, out _) ? MultiaddrParts.Inspect(address)
            : null;
        return inspection is not null;
    }

    private static bool Hashes(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Inspection? inspection)
    {
        inspection = Multihash.TryParse(bytes.Span, out var hash) ? MultihashParts.Inspect(hash) : null;
        return inspection is not null;
    }

    private static CommandException Nothing() => new(
        "That is no multiaddr, CID, peer id, key, envelope or record.",
        "give it as text, or its bytes in hexadecimal, base64 or multibase; a file by its path, or - for standard input.");
}

/// <summary>What the user knows of what is inspected.</summary>
/// <param name="Domain">What an envelope was signed for.</param>
/// <param name="Name">The name that a record was found under.</param>
internal sealed record InspectorHints(string? Domain, PeerId? Name);
