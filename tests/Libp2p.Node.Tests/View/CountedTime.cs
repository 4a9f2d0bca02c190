using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Node.Tests.View;

/// <summary>Time that stands still, and tells when somebody waits for it.</summary>
internal sealed class CountedTime() : FakeTimeProvider(Samples.Start)
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly Channel<bool> _timers = Channel.CreateUnbounded<bool>();

    /// <summary>Returns once so many more timers have been made.</summary>
    public async Task NextTimerAsync(int count = 1)
    {
        for (var i = 0; i < count; i++) await _timers.Reader.ReadAsync().AsTask().WaitAsync(Watchdog);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(true);
        return timer;
    }
}
