using System.IO.Pipelines;
using Libp2p.Security.Noise.Tests.Records;
using Libp2p.Security.Tls;

namespace Libp2p.Fuzz.Targets;

/// <summary>What a stranger sends where TLS is spoken: whole records are handed on as they came, one at a time, up to what is no record, in whatever pieces it comes.</summary>
internal sealed class TlsRecordsTarget() : FuzzTarget("tls-records")
{
    public override IEnumerable<byte[]> Seeds =>
        [[22, 3, 1, 0, 3, 1, 2, 3, 20, 3, 3, 0, 1, 1, 23, 3, 3, 1, 0, .. new byte[256], 21, 3, 3, 0, 2, 1, 0], [23, 3, 3, 0x41, 0x00], [23, 3, 3, 0, 0, 23, 3, 3, 0, 9, 1]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[22, 3, 1], [23, 3, 3, 0, 1, 0], [0x41, 0x01]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        foreach (var role in new[] { ConnectionRole.Dialer, ConnectionRole.Listener })
        {
            var whole = Read(bytes, bytes.Length, role, out var failed);
            var pieces = Read(bytes, 19, role, out var failedInPieces);
            Property.Holds(failed == failedInPieces && pieces == whole, $"in pieces {pieces} bytes are handed on, else {whole}");
        }
    }

    private static int Read(byte[] wire, int size, ConnectionRole role, out bool failed)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
        using var stream = new TlsWire(new OneWay(pipe), role, 1 << 16, PipeScheduler.Inline);
        var buffer = new byte[100];
        var got = 0;
        failed = false;
        try
        {
            var fed = 0;
            while (true)
            {
                var reading = stream.ReadAsync(buffer);
                while (!reading.IsCompleted)
                {
                    Property.Holds(fed <= wire.Length, "an ended wire was waited for");
                    if (fed < wire.Length)
                    {
                        pipe.Writer.WriteAsync(wire.AsMemory(fed, Math.Min(size, wire.Length - fed))).AsTask();
                        fed += Math.Min(size, wire.Length - fed);
                    }
                    else
                    {
                        fed++;
                        pipe.Writer.Complete();
                    }
                }

                var count = reading.GetAwaiter().GetResult();
                Property.Holds(wire.AsSpan(got, count).SequenceEqual(buffer.AsSpan(0, count)), "something was handed on that was never sent");
                got += count;
                if (count == 0)
                {
                    Property.Holds(stream.HasEnded && got == wire.Length, "there was an end before the end");
                    return got;
                }
            }
        }
        catch (SecureChannelException)
        {
            failed = true;
            return got;
        }
    }
}
