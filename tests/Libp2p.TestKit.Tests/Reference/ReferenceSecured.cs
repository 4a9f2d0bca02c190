using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Libp2p.TestKit.Tests.Reference;

/// <summary>A pull-through decorator: it reads and opens one record when it is read, and seals and sends when it is flushed.</summary>
internal sealed class ReferenceSecured : IByteConnection
{
    private const int MaxRecord = 60_000;
    private readonly IByteConnection _wire;
    private readonly ChannelFault _fault;
    private readonly SecuredReader _reader;

    public ReferenceSecured(IByteConnection wire, RecordCipher sealing, RecordCipher opening, ChannelFault fault)
    {
        _wire = wire;
        _fault = fault;
        _reader = new SecuredReader(wire, opening, fault);
        Output = new SecuredWriter(wire, sealing, fault);
    }

    public PipeReader Input => _reader;

    public PipeWriter Output { get; }

    public CancellationToken Closed => _wire.Closed;

    public void Abort(Exception? why)
    {
        if (_fault != ChannelFault.KeepsTheWireOpen) _wire.Abort(why);
    }

    public object? GetFeature(Type type) => type == typeof(IGatherWriter) || _fault == ChannelFault.HidesFeatures ? null : _wire.GetFeature(type);

    public async ValueTask DisposeAsync()
    {
        if (_fault == ChannelFault.KeepsTheWireOpen) return;
        if (!_wire.Closed.IsCancellationRequested) await Output.CompleteAsync();
        await _wire.DisposeAsync();
    }

    public void DiscardBuffered() => _reader.DiscardBuffered();

    private sealed class SecuredReader(IByteConnection wire, RecordCipher cipher, ChannelFault fault) : PipeReader
    {
        private readonly MemoryChannel _plain = new(int.MaxValue, MemorySegmentation.Whole);

        public override bool TryRead(out ReadResult result) => _plain.TryRead(out result);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                if (_plain.TryRead(out var result)) return result;
                await PullAsync(cancellationToken);
            }
        }

        public override void AdvanceTo(SequencePosition consumed) => _plain.AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
            _plain.AdvanceTo(fault == ChannelFault.ConsumesWhatWasOnlyExamined ? examined : consumed, examined);

        public override void CancelPendingRead() => wire.Input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => wire.Input.Complete();

        public void DiscardBuffered()
        {
            if (!wire.Input.TryRead(out var read)) return;
            wire.Input.AdvanceTo(read.Buffer.End);
        }

        private async Task PullAsync(CancellationToken cancellationToken)
        {
            var read = await wire.Input.ReadAsync(cancellationToken);
            if (read.IsCanceled) _plain.CancelPendingRead();
            var rest = read.Buffer;
            byte[]? record = null;
            Exception? broken = null;
            if (rest.Length >= 4)
            {
                var header = new byte[4];
                rest.Slice(0, 4).CopyTo(header);
                var length = BinaryPrimitives.ReadUInt32BigEndian(header);
                if (length > MaxRecord + RecordCipher.TagLength) broken = new SecureChannelException("The record is too long.");
                else if (rest.Length >= 4 + length)
                {
                    record = rest.Slice(4, length).ToArray();
                    rest = rest.Slice(4 + length);
                }
            }

            wire.Input.AdvanceTo(rest.Start, record is null ? rest.End : rest.Start);
            if (record is not null)
            {
                try
                {
                    _plain.Inject(cipher.Open(record));
                }
                catch (CryptographicException error)
                {
                    if (fault == ChannelFault.ForgetsFailures) return;
                    broken = new SecureChannelException("The record is not authentic.", error);
                }
            }
            else if (read.IsCompleted)
            {
                if (rest.IsEmpty || fault == ChannelFault.TruncationLooksLikeTheEnd) _plain.Writer.Complete();
                else broken ??= new SecureChannelException("The wire ended inside a record.");
            }

            if (broken is null) return;
            _plain.FailReader(() => fault == ChannelFault.UntypedErrors ? new InvalidOperationException() : broken);
        }
    }

    private sealed class SecuredWriter(IByteConnection wire, RecordCipher cipher, ChannelFault fault) : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _plain = new();
        private bool _completed;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _plain.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _plain.GetSpan(sizeHint);

        public override void Advance(int bytes) => _plain.Advance(bytes);

        public override void CancelPendingFlush() => wire.Output.CancelPendingFlush();

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Seal();
            return wire.Output.FlushAsync(cancellationToken);
        }

        public override void Complete(Exception? exception = null)
        {
            if (_completed) return;
            _completed = true;
            if (exception is null && !wire.Closed.IsCancellationRequested) Seal();
            if (fault != ChannelFault.NoHalfClose) wire.Output.Complete(exception);
        }

        private void Seal()
        {
            for (var rest = _plain.WrittenSpan; !rest.IsEmpty; rest = rest[Math.Min(MaxRecord, rest.Length)..])
            {
                var record = cipher.Seal(rest[..Math.Min(MaxRecord, rest.Length)]);
                BinaryPrimitives.WriteUInt32BigEndian(wire.Output.GetSpan(4), (uint)record.Length);
                wire.Output.Advance(4);
                wire.Output.Write(record);
            }

            _plain.ResetWrittenCount();
        }
    }
}
