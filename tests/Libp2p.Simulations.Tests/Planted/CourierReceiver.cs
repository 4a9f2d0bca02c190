using System.Buffers;
using System.Buffers.Binary;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>The receiving end of a stream.</summary>
internal sealed class CourierReceiver(Courier courier)
{
    /// <summary>Parcels that a sender may be ahead.</summary>
    public const int Window = 8;

    private int _unreturned;

    public async Task ReceiveAsync(IStream stream, CancellationToken cancellationToken)
    {
        courier.Open.Add(stream, new Holding(courier.Now));
        try
        {
            await ReadAsync(stream, cancellationToken);
        }
        finally
        {
            courier.Open.Remove(stream);
        }
    }

    private async Task ReadAsync(IStream stream, CancellationToken cancellationToken)
    {
        using var deadline = Begin(stream);
        while (true)
        {
            var read = await stream.Input.ReadAsync(cancellationToken);
            var (parcels, rest) = Take(stream, read.Buffer);
            stream.Input.AdvanceTo(rest, read.Buffer.End);
            if (parcels > 0)
            {
                courier.Open[stream].Parcels += parcels;
                deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await ReturnCreditAsync(stream, parcels, cancellationToken);
            }

            if (read.IsCompleted) return;
        }
    }

    private ITimer Begin(IStream stream) => courier.Runtime.Time.CreateTimer(
        static state => ((IStream)state!).Abort(StreamSide.Both, StreamErrorCode.None), stream, Courier.FirstParcelWithin, Timeout.InfiniteTimeSpan);

    private (int Parcels, SequencePosition Left) Take(IStream stream, ReadOnlySequence<byte> buffer)
    {
        var parcels = 0;
        Span<byte> number = stackalloc byte[4];
        for (; buffer.Length >= Courier.ParcelLength; buffer = buffer.Slice(Courier.ParcelLength), parcels++)
        {
            buffer.Slice(0, 4).CopyTo(number);
            courier.Received.Add((stream.Connection.RemotePeer, BinaryPrimitives.ReadInt32BigEndian(number)));
        }

        return (parcels, buffer.Start);
    }

    private async Task ReturnCreditAsync(IStream stream, int parcels, CancellationToken cancellationToken)
    {
        _unreturned += parcels;
        if (_unreturned >= Window / 2)
        {
            var returned = (byte)_unreturned;
            _unreturned = 0;
            await stream.Output.WriteAsync(new[] { returned }, cancellationToken);
        }
    }
}
