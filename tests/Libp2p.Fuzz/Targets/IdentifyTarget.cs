using System.Buffers;
using Libp2p.Protocols.Identify;
using Libp2p.TestKit;
using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Fuzz.Targets;

/// <summary>Identify messages in parts: a message, a wait for more, or an error of the remote; bounded, and the same in pieces.</summary>
internal sealed class IdentifyTarget() : FuzzTarget("identify")
{
    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var message = new Message
            {
                ProtocolVersion = "ipfs/0.1.0",
                AgentVersion = "a/1",
                PublicKey = TestIdentity.Dialer.PublicKey.Protobuf,
                ObservedAddr = new byte[] { 4, 1, 2, 3, 4, 6, 0, 1 },
                SignedPeerRecord = EnvelopeTarget.Record.Seal(TestIdentity.Dialer.Key).Encoded,
            };
            message.ListenAddrs.Add(new byte[] { 4, 1, 2, 3, 4, 6, 0, 1 });
            message.Protocols.AddRange(["/ipfs/ping/1.0.0", "/a"]);
            var small = new Message { AgentVersion = "b" };
            return [message.ToDelimitedArray(), [.. small.ToDelimitedArray(), .. message.ToDelimitedArray()], small.ToDelimitedArray()];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var whole = Assemble(new ReadOnlySequence<byte>(bytes), out var rest);
        var pieces = Assemble(Pieces.Of(bytes, 5), out var restOfPieces);
        Property.Holds(rest == restOfPieces, "pieces change how much is read");
        Property.Same(pieces?.ToArray(), whole?.ToArray(), "pieces change what is read");
        if (whole is null)
        {
            return;
        }

        try
        {
            IdentifyReader.Read(whole, TestIdentity.Dialer.PeerId, TestIdentity.Dialer.PublicKey, null, out _);
        }
        catch (Libp2pException)
        {
        }
    }

    private static Message? Assemble(ReadOnlySequence<byte> received, out long rest)
    {
        var assembler = new IdentifyAssembler();
        try
        {
            assembler.Take(ref received);
            rest = received.Length;
            if (!assembler.HasMessage)
            {
                return null;
            }

            var message = assembler.Message;
            Property.Holds(message.ListenAddrs.Count <= IdentifyLimits.Addresses && message.Protocols.Count <= IdentifyLimits.Protocols, "more entries than allowed");
            return message;
        }
        catch (Libp2pException)
        {
            rest = -1;
            return null;
        }
    }
}
