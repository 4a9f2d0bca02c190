namespace Libp2p.Swarm.Runtime;

/// <summary>Starts what outlives its caller without the caller's locals and activity: they would be kept, and be taken for its parent, for as long as it runs.</summary>
internal static class Flow
{
    /// <summary>Until disposed, on this thread, nothing flows; null where it does not anyway.</summary>
    public static AsyncFlowControl? Suppress() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
}
