namespace Libp2p;

/// <summary>
/// What a node may use, and whom it keeps when that runs short: the resource manager and the connection manager of the libp2p family in one. Connections are admitted within budgets; from 80 % of
/// one on (<see cref="ResourcePressure.Evict"/>) those of least value are closed, one after another. A connection's value is that of its peer: the sum of its tags. Thread-safe.
/// </summary>
public interface IResourceGovernor
{
    /// <summary>How full the fullest budget is.</summary>
    ResourcePressure Pressure { get; }

    /// <summary>Sets what a peer is worth to somebody, connected or not.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="tag">To whom or for what, unique among all who tag: <c>kad</c>, <c>my-app</c>. At most 128 characters.</param>
    /// <param name="value">How much; negative: rather not.</param>
    /// <param name="halfLife">In what time half of it is gone; null: it stays.</param>
    /// <returns>False where there is no room: so many tags or peers are remembered already (<c>Resources:MaxTagsPerPeer</c>, <c>MaxTaggedPeers</c>), each worth more than a stranger.</returns>
    bool Tag(PeerId peer, string tag, int value, TimeSpan? halfLife = null);

    /// <summary>Removes a tag; false where there was none.</summary>
    bool Untag(PeerId peer, string tag);

    /// <summary>Changes the value of a tag, from 0 where there is none, and keeps its half-life.</summary>
    /// <returns>As <see cref="Tag"/>.</returns>
    bool Upsert(PeerId peer, string tag, Func<int, int> change);

    /// <summary>The sum of a peer's tags now.</summary>
    int ValueOf(PeerId peer);

    /// <summary>Keeps the connections of a peer from being closed for want of resources or for being idle, until as many names as protected it have unprotected it.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="name">Who wants it, unique among all who protect.</param>
    /// <returns>False where there is no room.</returns>
    bool Protect(PeerId peer, string name);

    /// <summary>Takes a protection back.</summary>
    /// <returns>Whether the peer is still protected under another name.</returns>
    bool Unprotect(PeerId peer, string name);

    /// <summary>Whether a peer is protected, under a name or (null) any.</summary>
    bool IsProtected(PeerId peer, string? name = null);

    /// <summary>What may be used and what is.</summary>
    /// <param name="peers">How many peers to name at most.</param>
    ResourceReport Report(int peers = 10);
}
