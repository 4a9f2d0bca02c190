using System.Buffers;
using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Identify;

/// <summary>
/// Puts an identify message together from the parts in which it comes, each with its length in front: bytes in, at the end a message. Memory is bounded by
/// <see cref="IdentifyLimits"/> whatever comes. Not thread-safe.
/// </summary>
internal sealed class IdentifyAssembler
{
    private readonly Message _message = new();
    private int _parts;

    /// <summary>Whether at least one whole part has come.</summary>
    public bool HasMessage => _parts > 0;

    /// <summary>What has come so far.</summary>
    public Message Message => _message;

    /// <summary>Takes the whole parts off the front of what has arrived.</summary>
    /// <exception cref="WireFormatException">A part is malformed or too long.</exception>
    /// <exception cref="ProtocolException">There are too many parts.</exception>
    public void Take(ref ReadOnlySequence<byte> received)
    {
        while (WireDelimited.TryRead<Message>(ref received, out var part, out var error, IdentifyLimits.PartRead) || Check(error))
        {
            if (++_parts > IdentifyLimits.PartsRead)
            {
                throw new ProtocolException($"An identify message came in more than {IdentifyLimits.PartsRead} parts.");
            }

            Merge(part!);
        }
    }

    /// <summary>Says what is wrong with a part, if anything is; false: its rest is still to come.</summary>
    private static bool Check(WireError error) => error == WireError.None ? false : throw new WireFormatException(error, Message.Descriptor.FullName);

    /// <summary>As protobuf merges messages: the last of a single field counts, repeated fields grow.</summary>
    private void Merge(Message part)
    {
        _message.ProtocolVersion = part.ProtocolVersion ?? _message.ProtocolVersion;
        _message.AgentVersion = part.AgentVersion ?? _message.AgentVersion;
        _message.PublicKey = part.PublicKey ?? _message.PublicKey;
        _message.ObservedAddr = part.ObservedAddr ?? _message.ObservedAddr;
        _message.SignedPeerRecord = part.SignedPeerRecord ?? _message.SignedPeerRecord;
        Add(_message.ListenAddrs, part.ListenAddrs, IdentifyLimits.Addresses);
        Add(_message.Protocols, part.Protocols, IdentifyLimits.Protocols);
    }

    private static void Add<T>(List<T> all, List<T> more, int most) => all.AddRange(more.Take(most - all.Count));
}
