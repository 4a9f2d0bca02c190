namespace Libp2p;

/// <summary>Why a reservation was refused.</summary>
/// <param name="Scope">Which scope of this node refused: <c>node</c>, <c>transient</c> (connections that do not know their peer yet), <c>listener</c>, <c>network NET</c>, <c>peer ID</c>, <c>connection</c>, <c>stream</c>, <c>protocol ID</c>.</param>
/// <param name="Requested">How much was asked for.</param>
/// <param name="Used">How much is in use in that scope.</param>
/// <param name="Limit">How much may be, for what was asked: optional work may use less of a scope than what cannot be done without.</param>
/// <param name="Option">The option that changes the limit.</param>
/// <param name="Unit">What is counted: bytes, descriptors, connections, streams.</param>
public sealed record ResourceDenial(string Scope, long Requested, long Used, long Limit, string Option, string Unit = "bytes")
{
    /// <summary>Who opened the connection or stream that was refused; null: neither was being opened.</summary>
    public ConnectionDirection? Direction { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var side = Direction switch { ConnectionDirection.Inbound => "inbound ", ConnectionDirection.Outbound => "outbound ", _ => "" };
        return $"{Scope}: {Requested} {side}{Unit} asked, {Used} of {Limit} in use. Raise {Option} to allow more.";
    }
}
