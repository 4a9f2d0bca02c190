namespace Libp2p;

/// <summary>What code allocates on the thread that runs it.</summary>
internal static class Allocations
{
    private const int Rounds = 20;

    /// <summary>The least that one round allocates, of several: the runtime itself allocates now and then, which only adds.</summary>
    public static long LeastOf(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
