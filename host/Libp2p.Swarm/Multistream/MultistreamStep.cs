namespace Libp2p.Swarm.Multistream;

/// <summary>What a negotiation needs next.</summary>
internal enum MultistreamStep
{
    /// <summary>More input; what was written goes out first.</summary>
    NeedMore,

    /// <summary>What was written must go out; then there may be more to take from the same input.</summary>
    Answered,

    /// <summary>A protocol is agreed; the rest of the input belongs to it.</summary>
    Selected,

    /// <summary>The listener refused every proposal.</summary>
    Refused,
}
