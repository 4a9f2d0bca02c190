using System.IO.Pipelines;
using Libp2p.TestKit;

namespace Libp2p.Planted.Tests;

/// <summary>Bytes below a muxer, and since when a send is under way.</summary>
internal sealed class WatchedBytes(IByteConnection inner, Simulation simulation) : IByteConnection
{
    private readonly Writer _writer = new(inner.Output, simulation);

    public TimeSpan? SendingSince => _writer.Since;

    public PipeReader Input => inner.Input;

    public PipeWriter Output => _writer;

    public CancellationToken Closed => inner.Closed;

    public void Abort(Exception? why) => inner.Abort(why);

    public object? GetFeature(Type type) => inner.GetFeature(type);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Writer(PipeWriter inner, Simulation simulation) : PipeWriter
    {
        public TimeSpan? Since { get; private set; }

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flush = inner.FlushAsync(cancellationToken);
            return flush.IsCompleted ? flush : WatchAsync(flush);
        }

        private async ValueTask<FlushResult> WatchAsync(ValueTask<FlushResult> flush)
        {
            Since = simulation.Now;
            try
            {
                return await flush;
            }
            finally
            {
                Since = null;
            }
        }
    }
}
