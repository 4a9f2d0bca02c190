using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Muxers.Yamux.Session;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Muxers.Yamux.Tests.Support;

/// <summary>A session without any I/O: the test is its wire and its clock (in milliseconds), and everything happens on the test's own thread.</summary>
internal sealed class SansIo : ISessionSink
{
    private readonly OutputBatch _batch = new();

    public SansIo(YamuxOptions? options = null, bool dialer = true, IResourceScope? scope = null) =>
        Session = new YamuxSession(options ?? new YamuxOptions(), dialer, PipeScheduler.Inline, scope, 0, 1000, this, NullLogger.Instance);

    public YamuxSession Session { get; }

    public long Now { get; set; }

    public bool CanSend => false;

    public bool IsOutputReady { get; private set; }

    public bool IsEnded { get; private set; }

    /// <summary>What the session wants to send now.</summary>
    public byte[] Take()
    {
        IsOutputReady = false;
        var bytes = new ArrayBufferWriter<byte>();
        while (Session.TakeBatch(_batch, out _))
        {
            for (var block = _batch.Head; block is not null; block = block.NextBlock)
            {
                bytes.Write(block.Memory.Span);
            }

            Session.BatchSent(_batch);
        }

        return bytes.WrittenSpan.ToArray();
    }

    public List<Frame> TakeFrames() => Frame.ReadAll(Take());

    /// <summary>Receives bytes, all in one piece. Returns how many were used.</summary>
    public int Receive(ReadOnlyMemory<byte> bytes)
    {
        var sequence = new ReadOnlySequence<byte>(bytes);
        return (int)sequence.Slice(0, Session.Receive(sequence, Now)).Length;
    }

    public void Receive(FrameType type, FrameFlags flags, uint stream, uint length, byte[]? body = null)
    {
        var bytes = new byte[YamuxHeader.Size + (body?.Length ?? 0)];
        new YamuxHeader(type, flags, stream, length).Write(bytes);
        body?.CopyTo(bytes, YamuxHeader.Size);
        Receive(bytes).ShouldBe(bytes.Length);
    }

    public void Data(FrameFlags flags, uint stream, byte[] body) => Receive(FrameType.Data, flags, stream, (uint)body.Length, body);

    public YamuxStream Accept() => Session.TryAccept(out _).ShouldNotBeNull();

    /// <summary>Reads and consumes what there is.</summary>
    public static byte[] ReadAll(YamuxStream stream)
    {
        if (!stream.Input.TryRead(out var read))
        {
            return [];
        }

        var bytes = read.Buffer.ToArray();
        stream.Input.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    void ISessionSink.OutputReady() => IsOutputReady = true;

    ValueTask ISessionSink.SendAsync(uint stream, FrameFlags firstFlags, ReadOnlyMemory<byte> data) => throw new NotSupportedException();

    void ISessionSink.Ended() => IsEnded = true;

    void ISessionSink.Arm(long due)
    {
    }
}

internal static class SansIoStreams
{
    /// <summary>Writes, as a task: nobody else moves, so it is complete or waits for credit or room.</summary>
    public static Task<FlushResult> Write(this YamuxStream stream, byte[] bytes, CancellationToken cancellationToken = default) =>
        stream.Output.WriteAsync(bytes, cancellationToken).AsTask();

    public static Task<FlushResult> Flush(this YamuxStream stream) => stream.Output.FlushAsync().AsTask();
}
