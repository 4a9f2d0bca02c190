using System.IO.Pipelines;

namespace Libp2p.Security.Noise.Tests.Records;

/// <summary>A pipe as a wire: what is written to it is read from it.</summary>
internal sealed class OneWay(Pipe pipe) : IByteConnection
{
    public PipeReader Input => pipe.Reader;

    public PipeWriter Output => pipe.Writer;

    public CancellationToken Closed => default;

    public void Abort(Exception? why)
    {
    }

    public object? GetFeature(Type type) => null;

    public ValueTask DisposeAsync() => default;
}
