// Invariants look into the mechanism: what no user of a stream can see, and what tells credit that was forgotten from credit that is not due.
namespace Libp2p.Muxers.Yamux.Streams;

internal sealed partial class YamuxStreamInput
{
    /// <summary>What was read and not given back is so much that the remote is to have it.</summary>
    public bool OwesCredit
    {
        get
        {
            lock (_lock) return IsCreditDue();
        }
    }
}
