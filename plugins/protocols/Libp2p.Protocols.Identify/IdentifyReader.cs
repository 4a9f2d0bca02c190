using System.Collections.Immutable;
using Libp2p.Multiformats;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Identify;

/// <summary>What a message says, checked against who sent it. No I/O, no state.</summary>
internal static class IdentifyReader
{
    /// <summary>Reads a message.</summary>
    /// <param name="message">The message, all its parts.</param>
    /// <param name="sender">Who sent it, proven by the connection.</param>
    /// <param name="senderKey">Its key.</param>
    /// <param name="known">What it told before, for fields that a push leaves out; null: nothing.</param>
    /// <param name="badRecord">Why its signed record was not taken; null where it was, or none came.</param>
    /// <exception cref="ProtocolException">It tells a key that is not the sender's.</exception>
    public static IdentifyInfo Read(Message message, PeerId sender, PublicKey senderKey, IdentifyInfo? known, out string? badRecord)
    {
        CheckKey(message, sender, senderKey);
        var record = ReadRecord(message, sender, out var envelope, out badRecord);
        var addresses = record is not null ? record.Addresses : ReadAddresses(message, sender);
        var protocols = ReadProtocols(message);
        return new IdentifyInfo
        {
            PeerId = sender,
            PublicKey = senderKey,
            ProtocolVersion = Printable(message.ProtocolVersion) ?? known?.ProtocolVersion,
            AgentVersion = Printable(message.AgentVersion) ?? known?.AgentVersion,
            ListenAddresses = addresses.IsEmpty && known is not null ? known.ListenAddresses : addresses,
            Protocols = protocols.IsEmpty && known is not null ? known.Protocols : protocols,
            ObservedAddress = message.ObservedAddr is { } observed && Multiaddr.TryDecode(observed.Span, out var address, out _) ? address : known?.ObservedAddress,
            SignedRecord = record ?? known?.SignedRecord,
            SignedEnvelope = record is not null ? envelope : known?.SignedEnvelope,
        };
    }

    /// <summary>
    /// Of the addresses that a peer tells, those worth keeping: of a peer on the public internet only public ones, of one on a private network none of its loopback.
    /// </summary>
    public static IEnumerable<Multiaddr> Reachable(IEnumerable<Multiaddr> addresses, Multiaddr remote)
    {
        if (remote.IsGlobalUnicast)
        {
            return addresses.Where(static address => !address.IsLoopback && !address.IsPrivate && !address.IsLinkLocal && !address.IsUnspecified);
        }

        return remote.IsPrivate || remote.IsLinkLocal
            ? addresses.Where(static address => !address.IsLoopback && !address.IsUnspecified)
            : addresses.Where(static address => !address.IsUnspecified);
    }

    private static void CheckKey(Message message, PeerId sender, PublicKey senderKey)
    {
        if (message.PublicKey is not { IsEmpty: false } told || told.Span.SequenceEqual(senderKey.Protobuf.Span))
        {
            return;
        }

        PublicKey key;
        try
        {
            key = PublicKey.FromProtobuf(told.Span);
        }
        catch (KeyFormatException e)
        {
            throw new ProtocolException($"{sender} told a public key that cannot be read: {e.Message}", e);
        }

        if (!sender.Matches(key))
        {
            throw new ProtocolException($"{sender} told a public key that is not its own, but that of {key.PeerId}.");
        }
    }

    private static PeerRecord? ReadRecord(Message message, PeerId sender, out SignedEnvelope? envelope, out string? bad)
    {
        (envelope, bad) = (null, null);
        if (message.SignedPeerRecord is not { IsEmpty: false } signed)
        {
            return null;
        }

        try
        {
            var record = PeerRecord.Open(signed.Span, out envelope);
            if (record.PeerId == sender)
            {
                return record;
            }

            bad = $"it is of {record.PeerId}";
        }
        catch (RecordException e)
        {
            bad = e.Message;
        }

        return null;
    }

    private static ImmutableArray<Multiaddr> ReadAddresses(Message message, PeerId sender)
    {
        var addresses = ImmutableArray.CreateBuilder<Multiaddr>(message.ListenAddrs.Count);
        foreach (var bytes in message.ListenAddrs)
        {
            // What is not known here may be of a newer kind.
            if (Multiaddr.TryDecode(bytes.Span, out var address, out _) && OfSender(address, sender) is { } own && !addresses.Contains(own))
            {
                addresses.Add(own);
            }
        }

        return addresses.DrainToImmutable();
    }

    private static Multiaddr? OfSender(Multiaddr address, PeerId sender)
    {
        var named = address.PeerIdBytes.Span;
        return named.IsEmpty ? address : named.SequenceEqual(sender.Bytes) ? address.WithoutPeerId() : null;
    }

    private static ImmutableArray<ProtocolId> ReadProtocols(Message message)
    {
        var protocols = ImmutableArray.CreateBuilder<ProtocolId>(message.Protocols.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in message.Protocols)
        {
            if (text.StartsWith('/') && !text.Contains('\n') && seen.Add(text) && System.Text.Encoding.UTF8.GetByteCount(text) <= ProtocolId.MaxLength)
            {
                protocols.Add(new ProtocolId(text));
            }
        }

        return protocols.DrainToImmutable();
    }

    // It ends up in logs and on terminals, where control characters do things.
    private static string? Printable(string? text) =>
        text is null || !text.Any(char.IsControl) ? text : string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '\uFFFD' : from[i];
            }
        });
}
