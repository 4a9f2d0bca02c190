namespace Libp2p.TestKit;

/// <summary>How a simulation went.</summary>
/// <param name="Seed">What chose everything.</param>
/// <param name="VirtualTime">How long it took in it.</param>
/// <param name="RealTime">How long it took to run.</param>
/// <param name="Events">Continuations, timers and packets that ran.</param>
/// <param name="Trace">What happened.</param>
public sealed record SimulationResult(int Seed, TimeSpan VirtualTime, TimeSpan RealTime, long Events, SimulationTrace Trace)
{
    /// <summary>How many times faster than the clock on the wall.</summary>
    public double Speed => VirtualTime / RealTime;
}
