namespace Libp2p.Fuzz;

/// <summary>One input through a target, with the bound on memory that holds for all.</summary>
internal static class Execution
{
    /// <returns>Null, or the defect.</returns>
    public static Exception? Try(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        try
        {
            Run(target, input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    public static void Run(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        target.Run(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Property.Holds(allocated <= target.MaxAllocated(input.Length), $"{input.Length} bytes made it allocate {allocated}");
    }
}
