using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>The reading end of a <see cref="MemoryChannel"/>.</summary>
internal sealed class MemoryChannelReader(MemoryChannel channel) : PipeReader
{
    public override bool TryRead(out ReadResult result) => channel.TryRead(out result);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => channel.ReadAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => channel.AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => channel.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => channel.CancelPendingRead();

    public override void Complete(Exception? exception = null) => channel.CompleteReader();
}
