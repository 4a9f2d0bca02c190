using System.Buffers;
using Libp2p.Protocols.Identify;
using Libp2p.TestKit;

namespace Libp2p.Protocols.Tests.Identify;

/// <summary>What a fuzzer calls: any bytes end in a message, in a wait for more, or in an error of the remote. Anything else is a defect.</summary>
public static class IdentifyFuzz
{
    public static void Run(ReadOnlySpan<byte> bytes)
    {
        var received = new ReadOnlySequence<byte>(bytes.ToArray());
        var assembler = new IdentifyAssembler();
        try
        {
            assembler.Take(ref received);
            if (assembler.HasMessage)
            {
                IdentifyReader.Read(assembler.Message, TestIdentity.Dialer.PeerId, TestIdentity.Dialer.PublicKey, null, out _);
            }
        }
        catch (Libp2pException)
        {
            // The remote's doing.
        }
    }
}
