using System.Buffers;

namespace Libp2p.Protocols.Ping;

/// <summary>The protocol itself (libp2p/specs, ping): 32 bytes come, the same 32 bytes go back, any number of times. Bytes in, bytes out; no state.</summary>
internal static class PingEcho
{
    /// <summary>Bytes of a ping and of its answer.</summary>
    public const int Size = 32;

    /// <summary>Answers every whole ping.</summary>
    /// <param name="received">What has arrived; cut behind the last whole ping.</param>
    /// <param name="output">Takes the answers.</param>
    /// <returns>Pings answered.</returns>
    public static long Answer(ref ReadOnlySequence<byte> received, IBufferWriter<byte> output)
    {
        var pings = received.Length / Size;
        var whole = received.Slice(0, pings * Size);
        foreach (var piece in whole)
        {
            output.Write(piece.Span);
        }

        received = received.Slice(whole.End);
        return pings;
    }

    /// <summary>Whether the answer is the ping that was sent.</summary>
    public static bool Matches(in ReadOnlySequence<byte> answer, ReadOnlySpan<byte> sent)
    {
        if (answer.Length != Size || sent.Length != Size)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[Size];
        answer.CopyTo(copy);
        return copy.SequenceEqual(sent);
    }
}
