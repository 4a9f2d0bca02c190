using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Libp2p.Swarm.Tests.Telemetry;

/// <summary>What is measured while it lives, by other tests too: each instrument with its tags, as <c>name tag=value</c> in the order of the tags' names.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly MeterListener _listener;

    public Measurements()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Libp2p.Telemetry.MeterName) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public ICollection<string> Seen => _sums.Keys;

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var told = tags.ToArray().OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}");
        _sums.AddOrUpdate(string.Join(' ', told.Prepend(instrument.Name)), value, (_, sum) => sum + value);
    }
}
