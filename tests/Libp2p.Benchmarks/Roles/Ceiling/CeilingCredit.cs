using System.Diagnostics;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>A receive window that is granted again at its half, and doubles where that half went in less than a few round trips.</summary>
internal sealed class CeilingCredit
{
    private const int MaxWindow = 16 * 1024 * 1024;
    private static readonly TimeSpan FewRoundTrips = TimeSpan.FromMicroseconds(400);

    private int _window = 256 * 1024;
    private int _consumed;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>What to grant now; 0: nothing yet.</summary>
    public int Consume(int bytes)
    {
        _consumed += bytes;
        if (_consumed < _window / 2) return 0;
        var granted = _consumed;
        if (_window < MaxWindow && Stopwatch.GetElapsedTime(_since) < FewRoundTrips)
        {
            granted += _window;
            _window *= 2;
        }

        _consumed = 0;
        _since = Stopwatch.GetTimestamp();
        return granted;
    }
}
