using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>Decrypts what is read where it lies, each byte once. One caller at a time.</summary>
internal sealed class ProtectedReader(PipeReader wire, XSalsa20 cipher) : PipeReader
{
    private ReadOnlySequence<byte> _shown;
    private long _clear; // bytes from the first that is not consumed on, which were decrypted already

    public override bool TryRead(out ReadResult result)
    {
        if (!wire.TryRead(out result))
        {
            return false;
        }

        Show(result);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = wire.ReadAsync(cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return WaitAsync(reading);
        }

        var result = reading.Result;
        Show(result);
        return new ValueTask<ReadResult>(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _clear -= _shown.Slice(0, consumed).Length;
        _shown = default;
        wire.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => wire.CancelPendingRead();

    public override void Complete(Exception? exception = null) => wire.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading)
    {
        var result = await reading.ConfigureAwait(false);
        Show(result);
        return result;
    }

    private void Show(in ReadResult result)
    {
        _shown = result.Buffer;
        foreach (var piece in _shown.Slice(_clear))
        {
            // The contract of IByteConnection makes what was read writable until it is given back, and leaves what was not consumed as it is.
            cipher.Apply(MemoryMarshal.AsMemory(piece).Span);
        }

        _clear = _shown.Length;
    }
}
