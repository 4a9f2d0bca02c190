using System.Security.Cryptography;
using System.Text;

namespace Libp2p.TestKit;

/// <summary>What happened in a simulation, in order. Two runs of one seed have the same lines, byte for byte.</summary>
public sealed class SimulationTrace
{
    private const int LastOfHost = 16;

    private readonly int _capacity;
    private readonly Queue<SimulationEvent> _events = new();
    private readonly SortedDictionary<string, Queue<SimulationEvent>> _last = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _line = new byte[512];

    internal SimulationTrace(TraceDetail detail, int capacity)
    {
        Detail = detail;
        _capacity = capacity;
    }

    /// <summary>How much is traced.</summary>
    public TraceDetail Detail { get; }

    /// <summary>The events, oldest first; of a long run the newest <see cref="SimulationOptions.TraceCapacity"/>.</summary>
    public IReadOnlyCollection<SimulationEvent> Events => _events;

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>SHA-256 over all lines so far, each with a line feed; lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    internal TimeSpan Now { get; set; }

    /// <summary>The last events of each host, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<SimulationEvent>> LastOfEachHost =>
        _last.ToDictionary(static pair => pair.Key, static pair => (IReadOnlyCollection<SimulationEvent>)pair.Value);

    /// <summary>Every line kept, oldest first.</summary>
    public IEnumerable<string> Lines => _events.Select(static one => one.Line);

    /// <summary>Itself where so much is traced.</summary>
    internal SimulationTrace? At(TraceDetail detail) => Detail >= detail ? this : null;

    internal void Add(SimulationEvent happened)
    {
        happened.At = Now;
        Count++;
        Keep(_events, happened, _capacity);
        if (happened.Host is { } host)
        {
            if (!_last.TryGetValue(host, out var last)) _last.Add(host, last = new Queue<SimulationEvent>());
            Keep(last, happened, LastOfHost);
        }

        var line = happened.Line;
        if (_line.Length <= line.Length * 3) _line = new byte[(line.Length * 3) + 1];
        var length = Encoding.UTF8.GetBytes(line, _line);
        _line[length++] = (byte)'\n';
        _hash.AppendData(_line.AsSpan(0, length));
    }

    private static void Keep(Queue<SimulationEvent> events, SimulationEvent happened, int most)
    {
        if (events.Count == most) events.Dequeue();
        events.Enqueue(happened);
    }
}
