using System.Buffers;
using System.IO.Pipelines;

namespace Libp2p.Protocols.Tests.Support;

/// <summary>A stream of which the input is a script: pieces of bytes, then an end or an error.</summary>
internal sealed class ScriptedStream(Exception? error, params byte[][] pieces) : IStream
{
    public ulong Id => 1;

    public ProtocolId Protocol => throw new NotSupportedException();

    public IConnection Connection => throw new NotSupportedException();

    public ConnectionDirection Direction => ConnectionDirection.Outbound;

    public PipeReader Input { get; } = new ScriptedReader(error, pieces);

    public PipeWriter Output => throw new NotSupportedException();

    public CancellationToken Aborted => default;

    public Task WritesClosed => throw new NotSupportedException();

    public void Abort(StreamSide side, StreamErrorCode code) => throw new NotSupportedException();

    public object? GetFeature(Type type) => null;

    public ValueTask DisposeAsync() => default;

    private sealed class ScriptedReader(Exception? error, byte[][] pieces) : PipeReader
    {
        private byte[] _unread = [];
        private int _next;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (_next < pieces.Length)
            {
                _unread = [.. _unread, .. pieces[_next++]];
            }
            else if (error is not null)
            {
                return ValueTask.FromException<ReadResult>(error);
            }
            else
            {
                return new(new ReadResult(new ReadOnlySequence<byte>(_unread), false, true));
            }

            return new(new ReadResult(new ReadOnlySequence<byte>(_unread), false, false));
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _unread = _unread[consumed.GetInteger()..];

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
