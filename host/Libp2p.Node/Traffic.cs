using System.Diagnostics.Metrics;

namespace Libp2p.Node;

/// <summary>Bytes on the wire, counted by the transports: their meters named <c>libp2p.TRANSPORT.sent</c> and <c>.received</c>. Thread-safe.</summary>
internal sealed class Traffic : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sent;
    private long _received;

    public Traffic()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name != Telemetry.MeterName || instrument.Unit != "By" || instrument is not Counter<long>) return;
            if (instrument.Name.EndsWith(".sent", StringComparison.Ordinal) || instrument.Name.EndsWith(".received", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument, instrument.Name.EndsWith(".sent", StringComparison.Ordinal) ? Way.Sent : Way.Received);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, way) => Interlocked.Add(ref ReferenceEquals(way, Way.Sent) ? ref _sent : ref _received, bytes));
        _listener.Start();
    }

    public long Sent => Interlocked.Read(ref _sent);

    public long Received => Interlocked.Read(ref _received);

    public void Dispose() => _listener.Dispose();

    private static class Way
    {
        public static readonly object Sent = new();
        public static readonly object Received = new();
    }
}
