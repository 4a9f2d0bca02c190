using System.Diagnostics.Metrics;

namespace Libp2p.Endurance.Soak;

/// <summary>What goes up and down in the meters of this process: connections and streams open. Thread-safe.</summary>
internal sealed class OpenCounters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, long> _counts = []; // guarded by itself

    public OpenCounters()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.MeterName && instrument is UpDownCounter<int> or UpDownCounter<long>)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    public SortedDictionary<string, long> Read()
    {
        lock (_counts)
        {
            return new SortedDictionary<string, long>(_counts);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string name, long value)
    {
        lock (_counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + value;
        }
    }
}
