namespace Libp2p.TestKit;

/// <summary>Something that happens at a point of virtual time. It may be set again; it waits in one place at a time, and allocates nothing for it.</summary>
internal abstract class LoopEntry(Life? owner)
{
    internal const int Idle = -1;
    internal const int IsReady = -2;

    internal long Due;
    internal long Sequence;
    internal int Place = Idle; // in the heap, or one of the above

    /// <summary>Without whom it does not happen; null: it belongs to the network.</summary>
    public Life? Owner => owner;

    /// <summary>Whether it will still happen.</summary>
    public bool IsSet => Place != Idle;

    public abstract void Run();
}
