using System.Buffers;
using System.IO.Pipelines;

namespace Libp2p.Node.Control;

/// <summary>Lines of bytes, each at most so long. One caller at a time.</summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private readonly PipeReader _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line without its newline; null at the end. What follows the last newline is no line.</summary>
    /// <exception cref="LineTooLongException">It is longer than allowed; nothing more can be read.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var end = read.Buffer.PositionOf((byte)'\n');
            var length = end is { } newline ? read.Buffer.Slice(0, newline).Length : read.Buffer.Length;
            if (length > maxLength)
            {
                _input.AdvanceTo(read.Buffer.End);
                throw new LineTooLongException(maxLength);
            }

            if (end is { } at)
            {
                var line = read.Buffer.Slice(0, at).ToArray();
                _input.AdvanceTo(read.Buffer.GetPosition(1, at));
                return line;
            }

            _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }
}

/// <summary>A line is longer than allowed.</summary>
internal sealed class LineTooLongException(int maxLength) : Exception($"A line is longer than {maxLength} bytes.");
