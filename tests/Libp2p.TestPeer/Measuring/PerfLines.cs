namespace Libp2p.TestPeer.Measuring;

/// <summary>A line a second of what moved since the line before, and one of all of it.</summary>
internal sealed class PerfLines : IProgress<PerfProgress>
{
    private readonly Lock _gate = new();
    private PerfProgress _last;
    private bool _finished;

    public void Report(PerfProgress value)
    {
        lock (_gate)
        {
            if (_finished) return;
            Print("intermediary", value.Elapsed - _last.Elapsed, value.Uploaded - _last.Uploaded, value.Downloaded - _last.Downloaded);
            _last = value;
        }
    }

    public void Finish(PerfResult result, TimeSpan time)
    {
        lock (_gate)
        {
            _finished = true;
            Print("final", time, result.Uploaded, result.Downloaded);
        }
    }

    private static void Print(string type, TimeSpan time, long uploaded, long downloaded) => Lines.Print(json =>
    {
        json.WriteString("type", type);
        json.WriteNumber("timeSeconds", time.TotalSeconds);
        json.WriteNumber("uploadBytes", uploaded);
        json.WriteNumber("downloadBytes", downloaded);
    });
}
